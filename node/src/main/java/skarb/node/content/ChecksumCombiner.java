package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.security.MessageDigest;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// The checksums of a multipart upload from those of its parts, without reading a byte of them.
///
/// S3 has two sorts. A *full object* checksum is that of all the bytes, as if they had come at
/// once: CRCs can be combined so, digests cannot. A *composite* one is the checksum of the parts'
/// checksums, one after the other as raw bytes; S3 shows it with `-` and the number of parts behind
/// it, which is not in the value here. CRC64NVME is never composite.
///
/// A part must have the checksum that is asked for. So who writes a part asks for the upload's
/// algorithm ([BodyPromise#algorithms]), whatever the client promised beside it.
///
/// Parts are gone through once, in order; nothing is kept of them. Any thread.
public final class ChecksumCombiner {
  private ChecksumCombiner() {}

  /// Whether there are full object checksums by an algorithm.
  public static boolean canBeFullObject(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CHECKSUM_ALGORITHM_CRC32, CHECKSUM_ALGORITHM_CRC32C, CHECKSUM_ALGORITHM_CRC64NVME ->
          true;
      case CHECKSUM_ALGORITHM_SHA1,
          CHECKSUM_ALGORITHM_SHA256,
          CHECKSUM_ALGORITHM_UNSPECIFIED,
          UNRECOGNIZED ->
          false;
    };
  }

  /// Whether there are composite checksums by an algorithm.
  public static boolean canBeComposite(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CHECKSUM_ALGORITHM_CRC32,
          CHECKSUM_ALGORITHM_CRC32C,
          CHECKSUM_ALGORITHM_SHA1,
          CHECKSUM_ALGORITHM_SHA256 ->
          true;
      case CHECKSUM_ALGORITHM_CRC64NVME, CHECKSUM_ALGORITHM_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }

  /// Whether a part has the checksum that combining by an algorithm needs.
  public static boolean has(ChecksumAlgorithm algorithm, Checksums part) {
    return BodyChecksum.of(algorithm).flatMap(kind -> kind.in(part)).isPresent();
  }

  /// The checksum of all the parts' bytes; of no parts, that of nothing.
  ///
  /// @return with the algorithm's field set, and no other
  /// @throws IllegalArgumentException if the algorithm cannot be combined, or a part has no such
  ///   checksum, or one of the wrong length
  public static Checksums fullObject(ChecksumAlgorithm algorithm, Iterable<PartDigest> parts) {
    if (!canBeFullObject(algorithm)) {
      throw new IllegalArgumentException("no full object checksum by " + algorithm);
    }
    BodyChecksum kind = BodyChecksum.of(algorithm).orElseThrow();
    ReflectedCrc crc =
        switch (kind) {
          case CRC32 -> ReflectedCrc.CRC32;
          case CRC32C -> ReflectedCrc.CRC32C;
          case CRC64NVME -> ReflectedCrc.CRC64NVME;
          case MD5, SHA1, SHA256 -> throw new IllegalStateException(kind + " is no CRC");
        };
    long whole = 0;
    int number = 0;
    for (PartDigest part : parts) {
      number++;
      whole = crc.combine(whole, number(valueOf(kind, part, number)), part.size());
    }
    return kind.set(Checksums.newBuilder(), bytes(whole, kind.length())).build();
  }

  /// The checksum of the parts' checksums.
  ///
  /// @return with the algorithm's field set, and no other
  /// @throws IllegalArgumentException if the algorithm is never composite, or a part has no such
  ///   checksum, or one of the wrong length
  public static Checksums composite(ChecksumAlgorithm algorithm, Iterable<PartDigest> parts) {
    if (!canBeComposite(algorithm)) {
      throw new IllegalArgumentException("no composite checksum by " + algorithm);
    }
    BodyChecksum kind = BodyChecksum.of(algorithm).orElseThrow();
    ByteString whole =
        switch (kind) {
          case CRC32 -> compositeCrc(kind, new CRC32(), parts);
          case CRC32C -> compositeCrc(kind, new CRC32C(), parts);
          case SHA1 -> compositeDigest(kind, "SHA-1", parts);
          case SHA256 -> compositeDigest(kind, "SHA-256", parts);
          case MD5, CRC64NVME -> throw new IllegalStateException(kind + " is never composite");
        };
    return kind.set(Checksums.newBuilder(), whole).build();
  }

  /// The entity tag of a multipart upload: the MD5 of the parts' MD5s, one after the other as raw
  /// bytes. S3 shows it with `-` and the number of parts behind it.
  ///
  /// @param md5s 16 bytes each
  /// @return 16 bytes
  public static ByteString multipartEtag(Iterable<ByteString> md5s) {
    MessageDigest whole = DigestPipeline.messageDigest("MD5");
    for (ByteString md5 : md5s) {
      if (md5.size() != BodyChecksum.MD5.length()) {
        throw new IllegalArgumentException("an MD5 of " + md5.size() + " bytes");
      }
      whole.update(md5.asReadOnlyByteBuffer());
    }
    return UnsafeByteOperations.unsafeWrap(whole.digest());
  }

  private static ByteString compositeCrc(
      BodyChecksum kind, Checksum whole, Iterable<PartDigest> parts) {
    int number = 0;
    for (PartDigest part : parts) {
      number++;
      whole.update(valueOf(kind, part, number).asReadOnlyByteBuffer());
    }
    return bytes(whole.getValue(), kind.length());
  }

  private static ByteString compositeDigest(
      BodyChecksum kind, String name, Iterable<PartDigest> parts) {
    MessageDigest whole = DigestPipeline.messageDigest(name);
    int number = 0;
    for (PartDigest part : parts) {
      number++;
      whole.update(valueOf(kind, part, number).asReadOnlyByteBuffer());
    }
    return UnsafeByteOperations.unsafeWrap(whole.digest());
  }

  private static ByteString valueOf(BodyChecksum kind, PartDigest part, int number) {
    ByteString value =
        kind.in(part.checksums())
            .orElseThrow(() -> new IllegalArgumentException("part " + number + " has no " + kind));
    if (value.size() != kind.length()) {
      throw new IllegalArgumentException(
          "part %d has a %s of %d bytes".formatted(number, kind, value.size()));
    }
    return value;
  }

  private static long number(ByteString bigEndian) {
    long value = 0;
    for (int i = 0; i < bigEndian.size(); i++) {
      value = value << 8 | (bigEndian.byteAt(i) & 0xff);
    }
    return value;
  }

  private static ByteString bytes(long value, int length) {
    return UnsafeByteOperations.unsafeWrap(DigestPipeline.bigEndian(value, length));
  }
}
