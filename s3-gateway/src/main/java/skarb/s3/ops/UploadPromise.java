package skarb.s3.ops;

import java.util.Map;
import java.util.Optional;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// What the head of an upload promises about the bytes to come, be they an object or a part.
///
/// @param expected what the bytes must have, the hash that the request was signed with included
/// @param signedSha256 whether `expected` holds that hash
/// @param algorithm the checksum that the client uses
public record UploadPromise(
    Checksums expected, boolean signedSha256, Optional<ChecksumAlgorithm> algorithm) {
  private static final long MAX_BYTES = 5L << 30;

  /// The promise of a call.
  ///
  /// @param length how many bytes will come
  /// @throws S3Exception MissingContentLength where nobody said so and HTTP takes it for nothing;
  ///   EntityTooLarge over 5 GiB; BadDigest where no body can have what is promised; and what is
  ///   wrong with the checksum headers
  public static UploadPromise of(S3Call call, long length) {
    if (!call.head().headers().containsKey("content-length")
        && !call.head().headers().containsKey("transfer-encoding")) {
      throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
    }
    if (length > MAX_BYTES) {
      throw new S3Exception(
          S3Error.ENTITY_TOO_LARGE,
          S3Error.ENTITY_TOO_LARGE.message(),
          Map.of("ProposedSize", Long.toString(length), "MaxSizeAllowed", Long.toString(MAX_BYTES)),
          Map.of());
    }
    ChecksumHeaders checksums = ChecksumHeaders.parse(call.head().headers());
    Checksums promised = checksums.promised();
    if (!(call.caller().payload() instanceof PayloadSigning.Hash hash)) {
      return new UploadPromise(promised, false, checksums.algorithm());
    }
    if (promised.hasSha256() && !promised.getSha256().equals(hash.sha256())) {
      throw new S3Exception(S3Error.BAD_DIGEST); // No body can have both.
    }
    return new UploadPromise(
        promised.toBuilder().setSha256(hash.sha256()).build(), true, checksums.algorithm());
  }
}
