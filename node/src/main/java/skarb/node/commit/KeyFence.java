package skarb.node.commit;

/// The access key that a write was allowed by: at the commit it must still exist, be enabled and be
/// unchanged, else the write is rejected with KEY_CHANGED. So a key that is disabled stops at once,
/// writes that had been let in before included.
///
/// @param accessKeyId the key
/// @param generation the generation that was verified: the stamp of the key's row, which grows with
///   each change
public record KeyFence(String accessKeyId, long generation) {}
