package skarb.node.model;

import java.util.LinkedHashMap;
import java.util.Map;
import skarb.v1.ErrorReason;

/// A call that the node answers with an error: the caller's fault, or the world's where the caller
/// must know. Carries no stack trace unless it has a cause: it is an answer.
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorReason reason;
  private final transient Map<String, String> metadata;

  /// An error without further facts.
  public NodeException(ErrorReason reason, String message) {
    this(reason, message, Map.of());
  }

  /// An error with facts.
  ///
  /// @param metadata what `errors.proto` names for the reason
  public NodeException(ErrorReason reason, String message, Map<String, String> metadata) {
    super(message, null, false, false);
    this.reason = reason;
    this.metadata = new LinkedHashMap<>(metadata);
  }

  /// An error with what caused it.
  public NodeException(ErrorReason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.metadata = new LinkedHashMap<>();
  }

  /// Why.
  public ErrorReason reason() {
    return reason;
  }

  /// Facts, as `errors.proto` names them for the reason.
  public Map<String, String> metadata() {
    return metadata;
  }
}
