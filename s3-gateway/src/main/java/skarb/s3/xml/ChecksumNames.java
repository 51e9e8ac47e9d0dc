package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.Base64;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ObjectInfo;

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

  /// An element for the checksum that is shown, for example `ChecksumCRC32`; nothing where there is
  /// none.
  ///
  /// @param parts how many parts a composite checksum is made of; 0 for any other
  static void write(XmlWriter xml, Checksums checksums, int parts) {
    String shown = shown(checksums);
    ByteString value =
        switch (shown) {
          case "CRC64NVME" -> checksums.getCrc64Nvme();
          case "CRC32" -> checksums.getCrc32();
          case "CRC32C" -> checksums.getCrc32C();
          case "SHA1" -> checksums.getSha1();
          case "SHA256" -> checksums.getSha256();
          default -> ByteString.EMPTY;
        };
    if (!shown.isEmpty()) {
      String text = Base64.getEncoder().encodeToString(value.toByteArray());
      xml.text("Checksum" + shown, parts == 0 ? text : text + '-' + parts);
    }
  }

  /// Sets the checksum that an element carries.
  ///
  /// @param element for example `ChecksumCRC32`
  /// @return whether there is a checksum of this name
  /// @throws IllegalArgumentException where its text is not Base64
  static boolean read(String element, String text, Checksums.Builder into) {
    ByteString value = ByteString.copyFrom(Base64.getDecoder().decode(text.strip()));
    switch (element) {
      case "ChecksumCRC64NVME" -> into.setCrc64Nvme(value);
      case "ChecksumCRC32" -> into.setCrc32(value);
      case "ChecksumCRC32C" -> into.setCrc32C(value);
      case "ChecksumSHA1" -> into.setSha1(value);
      case "ChecksumSHA256" -> into.setSha256(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  /// The name of an algorithm; empty where none is said.
  static String name(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CHECKSUM_ALGORITHM_CRC32 -> "CRC32";
      case CHECKSUM_ALGORITHM_CRC32C -> "CRC32C";
      case CHECKSUM_ALGORITHM_CRC64NVME -> "CRC64NVME";
      case CHECKSUM_ALGORITHM_SHA1 -> "SHA1";
      case CHECKSUM_ALGORITHM_SHA256 -> "SHA256";
      case CHECKSUM_ALGORITHM_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }

  /// Which checksum an object has and of what type, without its value, as listings say it.
  static void writeNames(XmlWriter xml, ObjectInfo object) {
    String algorithm = shown(object.getChecksums());
    if (!algorithm.isEmpty()) {
      xml.text("ChecksumAlgorithm", algorithm).text("ChecksumType", type(object.getChecksumType()));
    }
  }

  static String type(ChecksumType type) {
    return type == ChecksumType.CHECKSUM_TYPE_COMPOSITE ? "COMPOSITE" : "FULL_OBJECT";
  }
}
