package skarb.s3.error;

import java.util.LinkedHashMap;
import java.util.Map;

/// A request that is answered with an S3 error. Carries no stack trace: it is an answer, not a
/// fault.
public final class S3Exception extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final S3Error error;
  private final transient Map<String, String> details;
  private final transient Map<String, String> headers;

  /// An error with its usual message.
  public S3Exception(S3Error error) {
    this(error, error.message());
  }

  /// An error with a message of its own.
  public S3Exception(S3Error error, String message) {
    this(error, message, Map.of(), Map.of());
  }

  /// An error with further elements and headers.
  ///
  /// @param details elements of the error document after Message, in order, for example
  ///   `BucketName`
  /// @param headers headers of the answer, for example `Content-Range` with a 416
  public S3Exception(
      S3Error error, String message, Map<String, String> details, Map<String, String> headers) {
    super(message, null, false, false);
    this.error = error;
    this.details = new LinkedHashMap<>(details);
    this.headers = new LinkedHashMap<>(headers);
  }

  /// InvalidArgument, naming the argument and what was given for it.
  public static S3Exception invalidArgument(String message, String name, String value) {
    return new S3Exception(
        S3Error.INVALID_ARGUMENT,
        message,
        Map.of("ArgumentName", name, "ArgumentValue", value),
        Map.of());
  }

  /// Which error.
  public S3Error error() {
    return error;
  }

  /// The message to show.
  public String shownMessage() {
    String message = getMessage();
    return message == null ? error.message() : message;
  }

  /// Elements of the error document after Message, in order.
  public Map<String, String> details() {
    return details;
  }

  /// Headers of the answer.
  public Map<String, String> headers() {
    return headers;
  }
}
