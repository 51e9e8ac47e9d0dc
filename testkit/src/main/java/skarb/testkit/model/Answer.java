package skarb.testkit.model;

import skarb.v1.ErrorReason;

/// What a read came to.
public sealed interface Answer<T> {
  /// It is this.
  record Found<T>(T value) implements Answer<T> {}

  /// There is none, for a reason.
  record Refused<T>(ErrorReason reason) implements Answer<T> {}
}
