package skarb.cli.bench.client;

import java.io.IOException;

/// A request that the server answered with an error, or wrongly.
public final class RequestFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /// @param code S3's or gRPC's name of the error, to count by
  /// @param message for people
  public RequestFailedException(String code, String message) {
    super(message);
    this.code = code;
  }

  /// S3's or gRPC's name of the error.
  public String code() {
    return code;
  }
}
