package skarb.client;

import com.google.protobuf.ByteString;
import skarb.v1.Checksums;
import skarb.v1.CompletedPart;

/// What the checksum of an object is, that was sent in parts.
final class PartChecksums {
  private PartChecksums() {}

  /// Whether parts' checksums make one of the whole: those of CRCs do, those of hashes do not.
  static boolean isWhole(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CRC32, CRC32C, CRC64NVME -> true;
      case SHA1, SHA256, MD5 -> false;
    };
  }

  /// The checksum of all parts in their order, as the client knows it from its own parts; none
  /// where there is no such.
  ///
  /// @param sizes the parts' bytes, in the same order
  static Checksums ofWhole(
      ChecksumAlgorithm algorithm, Iterable<CompletedPart> parts, Iterable<Long> sizes) {
    if (!isWhole(algorithm)) {
      return Checksums.getDefaultInstance();
    }
    CrcCombiner combiner =
        switch (algorithm) {
          case CRC32 -> CrcCombiner.CRC32;
          case CRC32C -> CrcCombiner.CRC32C;
          case CRC64NVME, SHA1, SHA256, MD5 -> CrcCombiner.CRC64NVME;
        };
    long whole = 0;
    int width = 0;
    var size = sizes.iterator();
    for (CompletedPart part : parts) {
      ByteString checksum = Messages.checksum(part.getChecksums(), algorithm);
      if (checksum.isEmpty()) {
        return Checksums.getDefaultInstance();
      }
      width = checksum.size();
      whole = combiner.combine(whole, Digest.crcValue(checksum), size.next());
    }
    return Messages.checksums(algorithm, Digest.crcBytes(whole, width));
  }
}
