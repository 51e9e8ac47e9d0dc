package skarb.s3.ops.object;

import skarb.s3.headers.ChecksumHeaders;
import skarb.s3.ops.S3Response;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;

/// The checksum headers of an answer. The node may hold several, for example the hash that a
/// request was signed with beside the checksum proper; S3 shows one.
final class ChecksumAnswer {
  private ChecksumAnswer() {}

  static void add(S3Response response, Checksums stored, ChecksumType type) {
    Checksums shown = shown(stored);
    if (shown.equals(Checksums.getDefaultInstance())) {
      return;
    }
    ChecksumHeaders.write(shown, response::header);
    response.header(
        "x-amz-checksum-type",
        type == ChecksumType.CHECKSUM_TYPE_COMPOSITE ? "COMPOSITE" : "FULL_OBJECT");
  }

  private static Checksums shown(Checksums stored) {
    Checksums.Builder one = Checksums.newBuilder();
    if (stored.hasCrc64Nvme()) {
      one.setCrc64Nvme(stored.getCrc64Nvme());
    } else if (stored.hasCrc32()) {
      one.setCrc32(stored.getCrc32());
    } else if (stored.hasCrc32C()) {
      one.setCrc32C(stored.getCrc32C());
    } else if (stored.hasSha1()) {
      one.setSha1(stored.getSha1());
    } else if (stored.hasSha256()) {
      one.setSha256(stored.getSha256());
    }
    return one.build();
  }
}
