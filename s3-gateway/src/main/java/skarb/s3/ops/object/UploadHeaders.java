package skarb.s3.ops.object;

import skarb.s3.headers.Conditional;
import skarb.s3.headers.ObjectHeaders;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.UploadPromise;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.UploadHeader;

/// From the head of a PutObject to the header of an upload.
final class UploadHeaders {
  private UploadHeaders() {}

  static UploadHeader decode(S3Call call, long length) {
    UnservedFeatures.refuse(call.head());
    UploadPromise promise = UploadPromise.of(call, length);
    UploadHeader.Builder header =
        UploadHeader.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setAttributes(ObjectHeaders.parse(call.head()))
            .setContentLength(length)
            .setExpected(promise.expected())
            .setSignedSha256(promise.signedSha256())
            .setChecksumAlgorithm(
                promise.algorithm().orElse(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME));
    Conditional.forPut(call.head()).ifPresent(header::setConditions);
    return header.build();
  }
}
