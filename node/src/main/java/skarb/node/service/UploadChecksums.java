package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import skarb.node.content.BodyChecksum;
import skarb.node.content.ChecksumCombiner;
import skarb.node.content.PartDigest;
import skarb.node.model.NodeException;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.UploadValue;

/// Which checksum an upload in parts has, and what callers may say of it.
///
/// @param asked whether the caller named an algorithm when it opened the upload
/// @param algorithm the one that all parts have: CRC64NVME where none was named
/// @param type how the object's comes of the parts'
record UploadChecksums(boolean asked, ChecksumAlgorithm algorithm, ChecksumType type) {
  private static final String ALGORITHM_PREFIX = "CHECKSUM_ALGORITHM_";
  private static final String TYPE_PREFIX = "CHECKSUM_TYPE_";

  /// What a new upload is to have.
  ///
  /// @throws NodeException INVALID_CHECKSUM_TYPE, or INVALID_ARGUMENT for what is not known
  static UploadChecksums asked(ChecksumAlgorithm algorithm, ChecksumType type) {
    Requests.checkAlgorithm(algorithm);
    if (type == ChecksumType.UNRECOGNIZED) {
      throw Requests.invalid("checksum_type", "no such checksum type");
    }
    boolean asked = algorithm != ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED;
    ChecksumAlgorithm inForce = inForce(algorithm);
    ChecksumType composite = ChecksumType.CHECKSUM_TYPE_COMPOSITE;
    ChecksumType fullObject = ChecksumType.CHECKSUM_TYPE_FULL_OBJECT;
    ChecksumType typeInForce =
        type != ChecksumType.CHECKSUM_TYPE_UNSPECIFIED
            ? type
            : ChecksumCombiner.canBeComposite(inForce) ? composite : fullObject;
    boolean goes =
        typeInForce == composite
            ? ChecksumCombiner.canBeComposite(inForce)
            : ChecksumCombiner.canBeFullObject(inForce);
    if (!goes) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_CHECKSUM_TYPE,
          "a checksum type that does not go with the algorithm",
          Map.of("algorithm", name(inForce), "checksum_type", name(typeInForce)));
    }
    return new UploadChecksums(asked, inForce, typeInForce);
  }

  /// Those of an upload.
  static UploadChecksums of(UploadValue upload) {
    return new UploadChecksums(
        upload.getChecksumAlgorithm() != ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED,
        inForce(upload.getChecksumAlgorithm()),
        upload.getChecksumType());
  }

  private static ChecksumAlgorithm inForce(ChecksumAlgorithm asked) {
    return asked == ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED
        ? ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME
        : asked;
  }

  boolean isComposite() {
    return type == ChecksumType.CHECKSUM_TYPE_COMPOSITE;
  }

  /// Which of the checksums it is.
  BodyChecksum kind() {
    return BodyChecksum.of(algorithm).orElseThrow();
  }

  /// Only the checksum of the upload's algorithm.
  Checksums only(Checksums all) {
    Checksums.Builder one = Checksums.newBuilder();
    kind().in(all).ifPresent(value -> kind().set(one, value));
    return one.build();
  }

  /// Checks that a part promises no checksum of another algorithm than the one that was asked for.
  ///
  /// @throws NodeException CHECKSUM_TYPE_MISMATCH
  void mustBeOfUpload(Checksums expected) {
    for (BodyChecksum kind : BodyChecksum.values()) {
      if (asked && kind != BodyChecksum.MD5 && kind != kind() && kind.in(expected).isPresent()) {
        throw mismatch(name(algorithm), kind.field());
      }
    }
  }

  /// Likewise for an algorithm that a part announces.
  ///
  /// @throws NodeException CHECKSUM_TYPE_MISMATCH
  void mustBeOfUpload(ChecksumAlgorithm announced) {
    boolean none = announced == ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED;
    if (asked && !none && announced != algorithm) {
      throw mismatch(name(algorithm), name(announced));
    }
  }

  /// Checks the checksum type that a completion names.
  ///
  /// @throws NodeException CHECKSUM_TYPE_MISMATCH
  void mustBe(ChecksumType named) {
    if (named != ChecksumType.CHECKSUM_TYPE_UNSPECIFIED && named != type) {
      throw mismatch(name(type), name(named));
    }
  }

  /// The checksum of the whole object.
  ///
  /// @param parts each with a checksum of the upload's algorithm
  Checksums combine(List<PartDigest> parts) {
    return isComposite()
        ? ChecksumCombiner.composite(algorithm, parts)
        : ChecksumCombiner.fullObject(algorithm, parts);
  }

  /// Checks what is expected of the whole object.
  ///
  /// @throws NodeException CHECKSUM_TYPE_MISMATCH, or CHECKSUM_MISMATCH
  void verify(Checksums expected, Checksums actual) {
    for (BodyChecksum kind : BodyChecksum.values()) {
      Optional<ByteString> value = kind.in(expected);
      if (value.isEmpty()) {
        continue;
      }
      if (kind != kind()) {
        throw mismatch(name(algorithm), kind.field());
      }
      if (!value.equals(kind.in(actual))) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_CHECKSUM_MISMATCH,
            "the parts do not have the promised " + kind.name(),
            Map.of("algorithm", kind.name()));
      }
    }
  }

  private static NodeException mismatch(String expected, String actual) {
    return new NodeException(
        ErrorReason.ERROR_REASON_CHECKSUM_TYPE_MISMATCH,
        "a checksum of another algorithm or type than the upload's",
        Map.of("expected", expected, "actual", actual));
  }

  /// As S3 shows it in such errors: in lower case.
  private static String name(ChecksumAlgorithm algorithm) {
    return algorithm.name().substring(ALGORITHM_PREFIX.length()).toLowerCase(Locale.ROOT);
  }

  private static String name(ChecksumType type) {
    return type.name().substring(TYPE_PREFIX.length());
  }
}
