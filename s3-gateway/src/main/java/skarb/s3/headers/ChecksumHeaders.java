package skarb.s3.headers;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// What the headers of an upload promise about its body.
///
/// @param promised from `Content-MD5` and `x-amz-checksum-*`, as raw bytes; empty where nothing is
///   promised
/// @param algorithm which checksum the client uses: the one of the header or of the trailer to come
/// @param trailer the name of the checksum header that follows the body, lower case
public record ChecksumHeaders(
    Checksums promised, Optional<ChecksumAlgorithm> algorithm, Optional<String> trailer) {
  private static final String CONTENT_MD5 = "content-md5";
  private static final String SDK_ALGORITHM = "x-amz-sdk-checksum-algorithm";
  private static final String TRAILER = "x-amz-trailer";
  private static final int MD5_BYTES = 16;

  /// Headers that begin as checksums do and are none.
  private static final List<String> NOT_VALUES =
      List.of("x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type");

  /// Reads the headers. A value that is promised twice with the same algorithm, in a header and in
  /// a trailer, is refused as S3 does.
  ///
  /// @param headers names in lower case, each with its values
  /// @throws S3Exception InvalidDigest for a Content-MD5, InvalidRequest for a checksum that is not
  ///   one, for more than one, or for an algorithm that does not exist
  public static ChecksumHeaders parse(Map<String, List<String>> headers) {
    Checksums.Builder promised = Checksums.newBuilder();
    List<String> md5 = headers.getOrDefault(CONTENT_MD5, List.of());
    if (!md5.isEmpty()) {
      promised.setMd5(contentMd5(md5));
    }
    Optional<ChecksumKind> inHeader = readValue(headers, promised);
    Optional<ChecksumKind> inTrailer = trailerKind(headers);
    if (inHeader.isPresent() && inTrailer.isPresent()) {
      throw invalidRequest("Expecting a single x-amz-checksum- header");
    }
    Optional<ChecksumKind> kind = inHeader.or(() -> inTrailer);
    checkSdkAlgorithm(headers, kind);
    return new ChecksumHeaders(
        promised.build(), kind.map(ChecksumKind::algorithm), inTrailer.map(ChecksumKind::header));
  }

  /// The algorithm that `x-amz-checksum-algorithm` asks for, for what is yet to be made.
  ///
  /// @throws S3Exception InvalidRequest where it names none
  public static Optional<ChecksumAlgorithm> asked(RequestHead head) {
    return head.header("x-amz-checksum-algorithm")
        .map(name ->
            ChecksumKind.ofName(name.strip())
                .orElseThrow(ChecksumHeaders::unsupported)
                .algorithm());
  }

  /// The name that S3 has for an algorithm, for example `CRC32`.
  public static String name(ChecksumAlgorithm algorithm) {
    return ChecksumKind.of(algorithm).name();
  }

  /// The checksum header that `x-amz-trailer` announces, lower case.
  ///
  /// @param headers names in lower case, each with its values
  /// @throws S3Exception InvalidRequest where it announces anything but one checksum
  public static Optional<String> announcedTrailer(Map<String, List<String>> headers) {
    return trailerKind(headers).map(ChecksumKind::header);
  }

  /// Reads the value of a checksum trailer.
  ///
  /// @param name the header's name in lower case, for example `x-amz-checksum-crc32`
  /// @throws S3Exception InvalidRequest where the value is not one
  public static Checksums parseTrailer(String name, String value) {
    ChecksumKind kind =
        ChecksumKind.ofHeader(name)
            .orElseThrow(() -> new IllegalArgumentException("no checksum: " + name));
    ByteString bytes =
        base64(value, kind.bytes())
            .orElseThrow(
                () -> invalidRequest("Value for " + name + " trailing header is invalid."));
    Checksums.Builder checksums = Checksums.newBuilder();
    kind.set(checksums, bytes);
    return checksums.build();
  }

  /// The headers of an answer: `x-amz-checksum-*` with its value for each checksum except MD5.
  public static void write(Checksums checksums, BiConsumer<String, String> headers) {
    for (ChecksumKind kind : ChecksumKind.values()) {
      kind.get(checksums)
          .ifPresent(bytes ->
              headers.accept(
                  kind.header(), Base64.getEncoder().encodeToString(bytes.toByteArray())));
    }
  }

  private static ByteString contentMd5(List<String> values) {
    String value = values.getFirst().strip();
    return (values.size() == 1 ? base64(value, MD5_BYTES) : Optional.<ByteString>empty())
        .orElseThrow(() ->
            new S3Exception(
                S3Error.INVALID_DIGEST,
                S3Error.INVALID_DIGEST.message(),
                Map.of("Content-MD5", value),
                Map.of()));
  }

  private static Optional<ChecksumKind> readValue(
      Map<String, List<String>> headers, Checksums.Builder promised) {
    List<String> names = new ArrayList<>();
    for (String name : headers.keySet()) {
      if (name.startsWith(ChecksumKind.PREFIX) && !NOT_VALUES.contains(name)) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      return Optional.empty();
    }
    String name = names.getFirst();
    List<String> values = headers.getOrDefault(name, List.of());
    if (names.size() > 1 || values.size() != 1) {
      throw invalidRequest(
          "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    ChecksumKind kind = ChecksumKind.ofHeader(name).orElseThrow(ChecksumHeaders::unsupported);
    kind.set(
        promised,
        base64(values.getFirst().strip(), kind.bytes())
            .orElseThrow(() -> invalidRequest("Value for " + name + " header is invalid.")));
    return Optional.of(kind);
  }

  private static Optional<ChecksumKind> trailerKind(Map<String, List<String>> headers) {
    List<String> values = headers.getOrDefault(TRAILER, List.of());
    if (values.isEmpty() || (values.size() == 1 && values.getFirst().isBlank())) {
      return Optional.empty();
    }
    Optional<ChecksumKind> kind =
        ChecksumKind.ofHeader(values.getFirst().strip().toLowerCase(Locale.ROOT));
    if (values.size() > 1 || kind.isEmpty()) {
      throw invalidRequest("The value specified in the x-amz-trailer header is not supported");
    }
    return kind;
  }

  private static void checkSdkAlgorithm(
      Map<String, List<String>> headers, Optional<ChecksumKind> used) {
    List<String> values = headers.getOrDefault(SDK_ALGORITHM, List.of());
    if (values.isEmpty()) {
      return;
    }
    ChecksumKind named =
        ChecksumKind.ofName(values.getFirst().strip()).orElseThrow(ChecksumHeaders::unsupported);
    if (used.isEmpty()) {
      throw invalidRequest(
          "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or"
              + " x-amz-trailer headers were found.");
    }
    if (values.size() > 1 || named != used.get()) {
      throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }
  }

  /// Exactly this many bytes in the one way that Base64 writes them.
  private static Optional<ByteString> base64(String text, int bytes) {
    if (text.length() != (bytes + 2) / 3 * 4) {
      return Optional.empty();
    }
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return decoded.length == bytes && Base64.getEncoder().encodeToString(decoded).equals(text)
        ? Optional.of(ByteString.copyFrom(decoded))
        : Optional.empty();
  }

  private static S3Exception unsupported() {
    return invalidRequest(
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types:"
            + " [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
  }

  private static S3Exception invalidRequest(String message) {
    return new S3Exception(S3Error.INVALID_REQUEST, message);
  }
}
