package skarb.s3.ops.object;

import java.util.Map;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.s3.headers.Conditional;
import skarb.s3.headers.ObjectHeaders;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.S3Call;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.UploadHeader;

/// From the head of a PutObject to the header of an upload.
final class UploadHeaders {
  private static final long MAX_BYTES = 5L << 30;

  private UploadHeaders() {}

  static UploadHeader decode(S3Call call, long length) {
    UnservedFeatures.refuse(call.head());
    if (length > MAX_BYTES) {
      throw new S3Exception(
          S3Error.ENTITY_TOO_LARGE,
          S3Error.ENTITY_TOO_LARGE.message(),
          Map.of("ProposedSize", Long.toString(length), "MaxSizeAllowed", Long.toString(MAX_BYTES)),
          Map.of());
    }
    ChecksumHeaders checksums = ChecksumHeaders.parse(call.head().headers());
    UploadHeader.Builder header =
        UploadHeader.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setAttributes(ObjectHeaders.parse(call.head()))
            .setContentLength(length)
            .setChecksumAlgorithm(
                checksums.algorithm().orElse(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME));
    Conditional.forPut(call.head()).ifPresent(header::setConditions);
    promise(header, checksums.promised(), call.caller().payload());
    return header.build();
  }

  /// Passes on what the client promised, and the hash that the request was signed with.
  private static void promise(
      UploadHeader.Builder header, Checksums promised, PayloadSigning payload) {
    if (!(payload instanceof PayloadSigning.Hash hash)) {
      header.setExpected(promised);
      return;
    }
    if (promised.hasSha256() && !promised.getSha256().equals(hash.sha256())) {
      throw new S3Exception(S3Error.BAD_DIGEST); // No body can have both.
    }
    header.setExpected(promised.toBuilder().setSha256(hash.sha256())).setSignedSha256(true);
  }
}
