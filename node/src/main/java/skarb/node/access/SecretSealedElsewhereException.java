package skarb.node.access;

/// A secret in a row that this node cannot open: a fault of the store, not of the caller. The
/// message holds nothing secret.
public final class SecretSealedElsewhereException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SecretSealedElsewhereException(String message) {
    super(message);
  }
}
