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
    addType(response, type);
  }

  private static void addType(S3Response response, ChecksumType type) {
    response.header(
        "x-amz-checksum-type",
        type == ChecksumType.CHECKSUM_TYPE_COMPOSITE ? "COMPOSITE" : "FULL_OBJECT");
  }

  /// Adds the checksum of a part of an object, with the type of the object's own.
  public static void addPart(S3Response response, Checksums ofPart, ChecksumType ofObject) {
    if (!shown(ofPart).equals(Checksums.getDefaultInstance())) {
      addPart(response, ofPart);
      addType(response, ofObject);
    }
  }

  /// Adds the checksum of a part of an upload, which has no type.
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
