package skarb.s3.ops;

/// The client is gone: nobody is left to answer.
public final class ConnectionLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// With what was being done, for the log.
  public ConnectionLostException(String message) {
    super(message, null, false, false);
  }
}
