package skarb.s3.headers;

import com.google.protobuf.ByteString;
import java.util.Locale;
import java.util.Optional;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// The checksums that S3 has headers for. The one place that knows their names and lengths.
enum ChecksumKind {
  CRC32(4, ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32),
  CRC32C(4, ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32C),
  CRC64NVME(8, ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME),
  SHA1(20, ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA1),
  SHA256(32, ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256);

  static final String PREFIX = "x-amz-checksum-";

  private final int bytes;
  private final ChecksumAlgorithm algorithm;

  ChecksumKind(int bytes, ChecksumAlgorithm algorithm) {
    this.bytes = bytes;
    this.algorithm = algorithm;
  }

  /// The kind that a header carries, by its name in lower case.
  static Optional<ChecksumKind> ofHeader(String name) {
    for (ChecksumKind kind : values()) {
      if (kind.header().equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// The kind that S3 calls so, in any case, for example `CRC32`.
  static Optional<ChecksumKind> ofName(String name) {
    for (ChecksumKind kind : values()) {
      if (kind.name().equalsIgnoreCase(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// The kind that an algorithm is.
  static ChecksumKind of(ChecksumAlgorithm algorithm) {
    for (ChecksumKind kind : values()) {
      if (kind.algorithm == algorithm) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no checksum of S3's: " + algorithm);
  }

  String header() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  int bytes() {
    return bytes;
  }

  ChecksumAlgorithm algorithm() {
    return algorithm;
  }

  Optional<ByteString> get(Checksums from) {
    return switch (this) {
      case CRC32 -> from.hasCrc32() ? Optional.of(from.getCrc32()) : Optional.empty();
      case CRC32C -> from.hasCrc32C() ? Optional.of(from.getCrc32C()) : Optional.empty();
      case CRC64NVME -> from.hasCrc64Nvme() ? Optional.of(from.getCrc64Nvme()) : Optional.empty();
      case SHA1 -> from.hasSha1() ? Optional.of(from.getSha1()) : Optional.empty();
      case SHA256 -> from.hasSha256() ? Optional.of(from.getSha256()) : Optional.empty();
    };
  }

  void set(Checksums.Builder to, ByteString value) {
    var _ =
        switch (this) {
          case CRC32 -> to.setCrc32(value);
          case CRC32C -> to.setCrc32C(value);
          case CRC64NVME -> to.setCrc64Nvme(value);
          case SHA1 -> to.setSha1(value);
          case SHA256 -> to.setSha256(value);
        };
  }
}
