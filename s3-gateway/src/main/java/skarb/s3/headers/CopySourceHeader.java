package skarb.s3.headers;

import java.time.Instant;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.PercentDecoder;
import skarb.s3.route.RequestHead;
import skarb.v1.CopySource;

/// `x-amz-copy-source`: which object is copied, `bucket/key` or `bucket/key?versionId=id`, with or
/// without a slash before it; and the conditions `x-amz-copy-source-if-*`.
///
/// The version is split off before anything is decoded, so that a key may hold a question mark as
/// `%3F`. What is left is decoded once; as in S3, a `+` is a space.
public final class CopySourceHeader {
  private static final String NAME = "x-amz-copy-source";
  private static final String VERSION = "?versionId=";

  private CopySourceHeader() {}

  /// The source that a copy names.
  ///
  /// @param now the time that dates are compared with: those in the future are ignored
  /// @throws S3Exception InvalidArgument where it names no object
  public static CopySource parse(RequestHead head, Instant now) {
    CopySource.Builder source = parse(head.header(NAME).orElseThrow(CopySourceHeader::noObject));
    Conditional.forCopySource(head, now).ifPresent(source::setConditions);
    return source.build();
  }

  /// The bucket that a copy reads.
  ///
  /// @throws S3Exception InvalidArgument where it names no object
  public static String bucket(RequestHead head) {
    return parse(head.header(NAME).orElseThrow(CopySourceHeader::noObject)).getBucket();
  }

  private static CopySource.Builder parse(String value) {
    CopySource.Builder source = CopySource.newBuilder();
    String path = value.startsWith("/") ? value.substring(1) : value;
    int version = path.lastIndexOf(VERSION);
    if (version >= 0) {
      String id = decode(path.substring(version + VERSION.length()));
      if (id.isEmpty()) {
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "Version id cannot be the empty string");
      }
      source.setVersionId(id);
      path = path.substring(0, version);
    }
    // Some clients encode the slash after the bucket too.
    String decoded = decode(path);
    int start = decoded.startsWith("/") ? 1 : 0;
    int slash = decoded.indexOf('/', start);
    if (slash <= start || slash == decoded.length() - 1) {
      throw noObject();
    }
    return source.setBucket(decoded.substring(start, slash)).setKey(decoded.substring(slash + 1));
  }

  private static String decode(String text) {
    try {
      return PercentDecoder.decodeQuery(text);
    } catch (S3Exception e) {
      throw new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid copy source encoding");
    }
  }

  private static S3Exception noObject() {
    return new S3Exception(
        S3Error.INVALID_ARGUMENT,
        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
}
