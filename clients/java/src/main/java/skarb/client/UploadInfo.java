package skarb.client;

import java.time.Instant;

/// An upload in parts that is neither completed nor aborted.
///
/// @param key the key that the object will have
/// @param uploadId names the upload
/// @param initiated when it was opened
public record UploadInfo(String key, String uploadId, Instant initiated) {}
