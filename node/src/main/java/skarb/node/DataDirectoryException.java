package skarb.node;

/// The data directory cannot be used: held by another process, not writable, of another format. The
/// message is one line for whoever started the program.
public final class DataDirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Without a cause.
  public DataDirectoryException(String message) {
    super(message);
  }

  /// With what caused it.
  public DataDirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
