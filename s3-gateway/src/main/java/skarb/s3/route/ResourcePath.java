package skarb.s3.route;

import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// What a path names: the service, a bucket or an object. Keys are opaque: what follows the slash
/// after the bucket is the key, whatever it holds.
///
/// @param bucket empty for the service
/// @param key empty for the service and for a bucket
record ResourcePath(String bucket, String key) {

  /// How deep a path reaches.
  enum Level {
    SERVICE,
    BUCKET,
    OBJECT
  }

  /// A path below a bucket that the host named: all of it is the key.
  ///
  /// @throws S3Exception InvalidURI for a path that cannot be read
  static ResourcePath below(String bucket, String rawPath) {
    if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
      throw new S3Exception(S3Error.INVALID_URI);
    }
    return new ResourcePath(bucket, PercentDecoder.decodePath(rawPath, 1, rawPath.length()));
  }

  /// Takes a path apart: path style, `/bucket/key`.
  ///
  /// @throws S3Exception InvalidURI for a path that cannot be read
  static ResourcePath parse(String rawPath) {
    if (rawPath.isEmpty() || rawPath.charAt(0) != '/') {
      throw new S3Exception(S3Error.INVALID_URI);
    }
    if (rawPath.length() == 1) {
      return new ResourcePath("", "");
    }
    int slash = rawPath.indexOf('/', 1);
    int bucketEnd = slash < 0 ? rawPath.length() : slash;
    if (bucketEnd == 1) {
      throw new S3Exception(S3Error.INVALID_BUCKET_NAME);
    }
    String bucket = PercentDecoder.decodePath(rawPath, 1, bucketEnd);
    String key = slash < 0 ? "" : PercentDecoder.decodePath(rawPath, slash + 1, rawPath.length());
    return new ResourcePath(bucket, key);
  }

  Level level() {
    if (bucket.isEmpty()) {
      return Level.SERVICE;
    }
    return key.isEmpty() ? Level.BUCKET : Level.OBJECT;
  }
}
