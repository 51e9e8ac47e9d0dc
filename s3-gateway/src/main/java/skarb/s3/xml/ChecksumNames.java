package skarb.s3.xml;

import skarb.v1.ChecksumType;
import skarb.v1.Checksums;

/// The names of checksums in documents.
final class ChecksumNames {
  private ChecksumNames() {}

  /// The one algorithm that S3 shows of those stored; empty where there is none.
  static String shown(Checksums checksums) {
    if (checksums.hasCrc64Nvme()) {
      return "CRC64NVME";
    } else if (checksums.hasCrc32()) {
      return "CRC32";
    } else if (checksums.hasCrc32C()) {
      return "CRC32C";
    } else if (checksums.hasSha1()) {
      return "SHA1";
    } else if (checksums.hasSha256()) {
      return "SHA256";
    }
    return "";
  }

  static String type(ChecksumType type) {
    return type == ChecksumType.CHECKSUM_TYPE_COMPOSITE ? "COMPOSITE" : "FULL_OBJECT";
  }
}
