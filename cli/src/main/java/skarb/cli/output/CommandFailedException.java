package skarb.cli.output;

/// A command that failed for a reason that its one line says in full.
public final class CommandFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param message one line, without a full stop
  public CommandFailedException(String message) {
    super(message);
  }
}
