package skarb.s3.auth;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.s3.route.RequestHead;

/// `x-amz-content-sha256` and the headers that go with it, read but not yet bound to a signature.
///
/// @param text the value as it came: the last line of the canonical request
/// @param kind what it asks for
/// @param decodedLength bytes of content; 0 unless the body is streamed
/// @param trailer the header that follows the body
record PayloadHeader(String text, Kind kind, long decodedLength, Optional<String> trailer) {
  static final String NAME = "x-amz-content-sha256";
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final String DECODED_LENGTH = "x-amz-decoded-content-length";
  private static final int MAX_LENGTH_DIGITS = 18;

  enum Kind {
    UNSIGNED,
    HASH,
    STREAMING_SIGNED,
    STREAMING_SIGNED_TRAILER,
    STREAMING_UNSIGNED_TRAILER;

    boolean isStreaming() {
      return this != UNSIGNED && this != HASH;
    }
  }

  /// Reads what a request says about its body.
  ///
  /// @param text the value of `x-amz-content-sha256`, or what stands for it
  /// @throws S3Exception InvalidArgument for a value that is none, MissingContentLength for a
  ///   streamed body without its decoded length, MalformedTrailerError where trailers and value
  ///   contradict each other
  static PayloadHeader read(RequestHead head, String text) {
    Kind kind = kind(text);
    // Nothing is read from the body of other methods, so that its framing means nothing there.
    boolean hasBody = head.method().equals("PUT") || head.method().equals("POST");
    if (!hasBody) {
      return new PayloadHeader(
          text, kind.isStreaming() ? Kind.UNSIGNED : kind, 0, Optional.empty());
    }
    Optional<String> trailer = ChecksumHeaders.announcedTrailer(head.headers());
    boolean trailing =
        kind == Kind.STREAMING_SIGNED_TRAILER || kind == Kind.STREAMING_UNSIGNED_TRAILER;
    if (trailer.isPresent() && !trailing) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
    if (trailer.isEmpty() && kind == Kind.STREAMING_SIGNED_TRAILER) {
      throw new S3Exception(S3Error.MALFORMED_TRAILER);
    }
    return new PayloadHeader(text, kind, kind.isStreaming() ? decodedLength(head) : 0, trailer);
  }

  /// What the body is read by, for a request that nobody signed.
  PayloadSigning anonymous() {
    return switch (kind) {
      case UNSIGNED -> new PayloadSigning.Unsigned();
      case HASH -> hash();
      case STREAMING_UNSIGNED_TRAILER ->
          new PayloadSigning.StreamingUnsignedTrailer(decodedLength, trailer);
      case STREAMING_SIGNED, STREAMING_SIGNED_TRAILER ->
          throw new S3Exception(
              S3Error.INVALID_REQUEST, "A signed streaming payload needs a signed request.");
    };
  }

  /// What the body is read by, once the request's signature is known to be right.
  PayloadSigning signed(SignatureChain chain) {
    return switch (kind) {
      case UNSIGNED, HASH, STREAMING_UNSIGNED_TRAILER -> anonymous();
      case STREAMING_SIGNED ->
          new PayloadSigning.StreamingSigned(decodedLength, Optional.empty(), chain, false);
      case STREAMING_SIGNED_TRAILER ->
          new PayloadSigning.StreamingSigned(decodedLength, trailer, chain, true);
    };
  }

  private PayloadSigning hash() {
    return new PayloadSigning.Hash(ByteString.copyFrom(HexFormat.of().parseHex(text)));
  }

  private static Kind kind(String text) {
    return switch (text) {
      case UNSIGNED -> Kind.UNSIGNED;
      case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> Kind.STREAMING_SIGNED;
      case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> Kind.STREAMING_SIGNED_TRAILER;
      case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> Kind.STREAMING_UNSIGNED_TRAILER;
      case "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
          "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" ->
          throw new S3Exception(S3Error.NOT_IMPLEMENTED);
      default -> {
        if (text.length() == 64 && text.chars().allMatch(HexFormat::isHexDigit)) {
          yield Kind.HASH;
        }
        throw new S3Exception(
            S3Error.INVALID_ARGUMENT,
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
                + " or a valid sha256 value.",
            Map.of("ArgumentName", NAME, "ArgumentValue", Shown.shortened(text)),
            Map.of());
      }
    };
  }

  private static long decodedLength(RequestHead head) {
    List<String> values = head.headers().getOrDefault(DECODED_LENGTH, List.of());
    if (values.isEmpty()) {
      throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
    }
    String text = values.getFirst().strip();
    boolean number =
        !text.isEmpty()
            && text.length() <= MAX_LENGTH_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (values.size() > 1 || !number) {
      throw new S3Exception(
          S3Error.INVALID_ARGUMENT,
          "x-amz-decoded-content-length must be a number of bytes.",
          Map.of("ArgumentName", DECODED_LENGTH, "ArgumentValue", Shown.shortened(text)),
          Map.of());
    }
    return Long.parseLong(text);
  }
}
