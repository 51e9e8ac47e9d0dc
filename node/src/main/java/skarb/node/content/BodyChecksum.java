package skarb.node.content;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// The checksums of a body, as `Checksums` lists them.
public enum BodyChecksum {
  MD5("md5", 16),
  SHA256("sha256", 32),
  SHA1("sha1", 20),
  CRC32("crc32", 4),
  CRC32C("crc32c", 4),
  CRC64NVME("crc64nvme", 8);

  private final String field;
  private final int length;

  BodyChecksum(String field, int length) {
    this.field = field;
    this.length = length;
  }

  /// The one that a caller asks for; empty where it asks for none, or for one that is not known.
  public static Optional<BodyChecksum> of(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CHECKSUM_ALGORITHM_CRC32 -> Optional.of(CRC32);
      case CHECKSUM_ALGORITHM_CRC32C -> Optional.of(CRC32C);
      case CHECKSUM_ALGORITHM_CRC64NVME -> Optional.of(CRC64NVME);
      case CHECKSUM_ALGORITHM_SHA1 -> Optional.of(SHA1);
      case CHECKSUM_ALGORITHM_SHA256 -> Optional.of(SHA256);
      case CHECKSUM_ALGORITHM_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  /// Its field's name in `Checksums`.
  public String field() {
    return field;
  }

  /// Its bytes.
  int length() {
    return length;
  }

  /// Its value among checksums.
  public Optional<ByteString> in(Checksums checksums) {
    return switch (this) {
      case MD5 -> present(checksums.hasMd5(), checksums.getMd5());
      case SHA256 -> present(checksums.hasSha256(), checksums.getSha256());
      case SHA1 -> present(checksums.hasSha1(), checksums.getSha1());
      case CRC32 -> present(checksums.hasCrc32(), checksums.getCrc32());
      case CRC32C -> present(checksums.hasCrc32C(), checksums.getCrc32C());
      case CRC64NVME -> present(checksums.hasCrc64Nvme(), checksums.getCrc64Nvme());
    };
  }

  /// Puts its value among checksums.
  public Checksums.Builder set(Checksums.Builder checksums, ByteString value) {
    return switch (this) {
      case MD5 -> checksums.setMd5(value);
      case SHA256 -> checksums.setSha256(value);
      case SHA1 -> checksums.setSha1(value);
      case CRC32 -> checksums.setCrc32(value);
      case CRC32C -> checksums.setCrc32C(value);
      case CRC64NVME -> checksums.setCrc64Nvme(value);
    };
  }

  /// Its value among those that were computed, which it was.
  ByteString in(Map<BodyChecksum, ByteString> computed) {
    ByteString value = computed.get(this);
    if (value == null) {
      throw new IllegalStateException(this + " was not computed");
    }
    return value;
  }

  private static Optional<ByteString> present(boolean present, ByteString value) {
    return present ? Optional.of(value) : Optional.empty();
  }
}
