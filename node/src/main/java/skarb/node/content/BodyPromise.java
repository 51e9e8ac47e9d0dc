package skarb.node.content;

import com.google.protobuf.ByteString;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import skarb.node.model.NodeException;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.PartHeader;
import skarb.v1.UploadHeader;

/// What is said of a body before its bytes come.
///
/// @param length its bytes, where they are known
/// @param expected checksums that it must have
/// @param signedSha256 whether `expected.sha256` is the hash that the request was signed with: then
///   it is not a checksum to store, unless it is asked for too
/// @param algorithms the checksums to compute and store beside these; unspecified ones are left out
public record BodyPromise(
    OptionalLong length,
    Checksums expected,
    boolean signedSha256,
    List<ChecksumAlgorithm> algorithms) {

  /// @throws NodeException INVALID_ARGUMENT for a checksum of the wrong length
  public BodyPromise {
    checkLengths(expected);
    algorithms = List.copyOf(algorithms);
  }

  /// With one algorithm.
  ///
  /// @throws NodeException INVALID_ARGUMENT for a checksum of the wrong length
  public BodyPromise(
      OptionalLong length, Checksums expected, boolean signedSha256, ChecksumAlgorithm algorithm) {
    this(length, expected, signedSha256, List.of(algorithm));
  }

  /// Nothing is said.
  public static BodyPromise none() {
    return new BodyPromise(
        OptionalLong.empty(),
        Checksums.getDefaultInstance(),
        false,
        ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED);
  }

  /// What the header of an upload says.
  ///
  /// @throws NodeException INVALID_ARGUMENT for a checksum of the wrong length
  public static BodyPromise of(UploadHeader header) {
    return new BodyPromise(
        header.hasContentLength()
            ? OptionalLong.of(header.getContentLength())
            : OptionalLong.empty(),
        header.getExpected(),
        header.getSignedSha256(),
        header.getChecksumAlgorithm());
  }

  /// What the header of a part says.
  ///
  /// @param ofUpload the algorithm that all parts of the upload have
  /// @throws NodeException INVALID_ARGUMENT for a checksum of the wrong length
  public static BodyPromise of(PartHeader header, ChecksumAlgorithm ofUpload) {
    return new BodyPromise(
        header.hasContentLength()
            ? OptionalLong.of(header.getContentLength())
            : OptionalLong.empty(),
        header.getExpected(),
        header.getSignedSha256(),
        List.of(ofUpload, header.getChecksumAlgorithm()));
  }

  /// @throws NodeException INVALID_ARGUMENT for a checksum of the wrong length
  static void checkLengths(Checksums checksums) {
    for (BodyChecksum kind : BodyChecksum.values()) {
      Optional<ByteString> value = kind.in(checksums);
      if (value.isPresent() && value.get().size() != kind.length()) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
            kind.field() + " has " + kind.length() + " bytes, not " + value.get().size(),
            Map.of("field", "expected." + kind.field()));
      }
    }
  }

  /// What to compute while the bytes pass.
  Set<BodyChecksum> toCompute() {
    Set<BodyChecksum> wanted = EnumSet.of(BodyChecksum.MD5);
    wanted.addAll(named(expected));
    wanted.addAll(toStore(Checksums.getDefaultInstance()));
    return wanted;
  }

  /// What to store, MD5 aside: what was asked for and what was promised, else CRC64NVME.
  ///
  /// @param expectedAtEnd what was promised after the bytes
  Set<BodyChecksum> toStore(Checksums expectedAtEnd) {
    Set<BodyChecksum> stored = named(expected);
    if (signedSha256) {
      stored.remove(BodyChecksum.SHA256);
    }
    stored.addAll(named(expectedAtEnd));
    stored.remove(BodyChecksum.MD5);
    algorithms.forEach(algorithm -> BodyChecksum.of(algorithm).ifPresent(stored::add));
    if (stored.isEmpty()) {
      stored.add(BodyChecksum.CRC64NVME);
    }
    return stored;
  }

  /// The checksums that are there.
  static Set<BodyChecksum> named(Checksums checksums) {
    Set<BodyChecksum> named = EnumSet.noneOf(BodyChecksum.class);
    for (BodyChecksum kind : BodyChecksum.values()) {
      if (kind.in(checksums).isPresent()) {
        named.add(kind);
      }
    }
    return named;
  }
}
