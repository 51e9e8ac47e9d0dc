package skarb.node.index;

import skarb.node.model.EntryDot;

/// An entry or a local record that cannot be joined. Nothing of it was: the rows are as before.
public final class EntryRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /// Why it cannot be joined.
  public enum Reason {
    /// An entry of the same origin before it is missing: ask for it first.
    GAP,
    /// It does not follow what is logged of its origin here: two machines write as one.
    FORK,
    /// It has an effect, or a field of one, that a later release knows.
    UNKNOWN,
    /// It contradicts itself or its format.
    MALFORMED
  }

  EntryRejectedException(Reason reason, String what) {
    super(reason + ": " + what);
    this.reason = reason;
  }

  EntryRejectedException(Reason reason, EntryDot dot, String what) {
    super(reason + ": entry " + dot + ": " + what);
    this.reason = reason;
  }

  /// Why.
  public Reason reason() {
    return reason;
  }
}
