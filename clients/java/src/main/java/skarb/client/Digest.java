package skarb.client;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import skarb.v1.Checksums;

/// One checksum of a body, computed as the body passes. Not thread-safe.
final class Digest {
  /// In the order in which they are preferred where there are several: the cheapest first.
  private static final List<ChecksumAlgorithm> CHEAPEST_FIRST =
      List.of(
          ChecksumAlgorithm.CRC32C,
          ChecksumAlgorithm.CRC32,
          ChecksumAlgorithm.CRC64NVME,
          ChecksumAlgorithm.SHA256,
          ChecksumAlgorithm.SHA1,
          ChecksumAlgorithm.MD5);

  private final ChecksumAlgorithm algorithm;
  private final @Nullable Checksum crc;
  private final @Nullable MessageDigest hash;

  private Digest(
      ChecksumAlgorithm algorithm, @Nullable Checksum crc, @Nullable MessageDigest hash) {
    this.algorithm = algorithm;
    this.crc = crc;
    this.hash = hash;
  }

  static Digest of(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CRC32 -> new Digest(algorithm, new CRC32(), null);
      case CRC32C -> new Digest(algorithm, new CRC32C(), null);
      case CRC64NVME -> new Digest(algorithm, new Crc64Nvme(), null);
      case SHA1 -> new Digest(algorithm, null, hash("SHA-1"));
      case SHA256 -> new Digest(algorithm, null, hash("SHA-256"));
      case MD5 -> new Digest(algorithm, null, hash("MD5"));
    };
  }

  private static MessageDigest hash(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }

  /// The cheapest of those that a body must have; null where there is none.
  static @Nullable Digest cheapestOf(Checksums expected) {
    for (ChecksumAlgorithm algorithm : CHEAPEST_FIRST) {
      if (!Messages.checksum(expected, algorithm).isEmpty()) {
        return of(algorithm);
      }
    }
    return null;
  }

  void update(ByteString bytes) {
    for (ByteBuffer buffer : bytes.asReadOnlyByteBufferList()) {
      if (crc != null) {
        crc.update(buffer);
      } else if (hash != null) {
        hash.update(buffer);
      }
    }
  }

  ChecksumAlgorithm algorithm() {
    return algorithm;
  }

  /// The checksum, big-endian. Ends the computation.
  ByteString value() {
    if (hash != null) {
      return ByteString.copyFrom(hash.digest());
    }
    long value = crc == null ? 0 : crc.getValue();
    return algorithm == ChecksumAlgorithm.CRC64NVME ? crcBytes(value, 8) : crcBytes(value, 4);
  }

  /// A CRC as the protocol has it.
  static ByteString crcBytes(long value, int width) {
    byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    return ByteString.copyFrom(bytes, Long.BYTES - width, width);
  }

  /// The number of a CRC.
  static long crcValue(ByteString bytes) {
    long value = 0;
    for (int i = 0; i < bytes.size(); i++) {
      value = (value << 8) | (bytes.byteAt(i) & 0xff);
    }
    return value;
  }

  /// CRC-32C of one frame.
  static int frameCrc(ByteString bytes) {
    CRC32C crc = new CRC32C();
    for (ByteBuffer buffer : bytes.asReadOnlyByteBufferList()) {
      crc.update(buffer);
    }
    return (int) crc.getValue();
  }
}
