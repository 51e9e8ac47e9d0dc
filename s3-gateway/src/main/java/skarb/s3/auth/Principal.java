package skarb.s3.auth;

/// Whom a verified signature stands for.
///
/// @param accessKeyId the key that signed
/// @param keyGeneration the key's generation when it was verified, for the call's context: the node
///   refuses a key that was changed since
/// @param userId the user's canonical id
/// @param displayName the user's name for people
public record Principal(
    String accessKeyId, long keyGeneration, String userId, String displayName) {}
