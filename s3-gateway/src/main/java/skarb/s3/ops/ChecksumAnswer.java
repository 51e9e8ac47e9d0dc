package skarb.s3.ops;

import skarb.s3.headers.ChecksumHeaders;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;

/// The checksum headers of an answer. The node may hold several, for example the hash that a
/// request was signed with beside the checksum proper; S3 shows one.
public final class ChecksumAnswer {
  private ChecksumAnswer() {}

  /// Adds the checksum of an object and its type.
  ///
  /// @param parts how many parts it was uploaded in, which S3 writes behind a composite checksum
  public static void add(S3Response response, Checksums stored, ChecksumType type, int parts) {
    Checksums shown = shown(stored);
    if (shown.equals(Checksums.getDefaultInstance())) {
      return;
    }
    boolean composite = type == ChecksumType.CHECKSUM_TYPE_COMPOSITE;
    String suffix = composite ? "-" + parts : "";
    ChecksumHeaders.write(shown, (name, value) -> response.header(name, value + suffix));
    response.header("x-amz-checksum-type", composite ? "COMPOSITE" : "FULL_OBJECT");
  }

  /// Adds the checksum of a part, which has no type.
  public static void addPart(S3Response response, Checksums stored) {
    ChecksumHeaders.write(shown(stored), response::header);
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
