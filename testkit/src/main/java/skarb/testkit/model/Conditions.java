package skarb.testkit.model;

import java.util.Optional;
import java.util.function.Predicate;

/// What must hold for a write: If-Match and If-None-Match, as tests of what the model keeps of an
/// object.
///
/// @param ifMatch holds for what is current
/// @param ifNoneMatch does not hold for what is current
public record Conditions<V>(Optional<Predicate<V>> ifMatch, Optional<Predicate<V>> ifNoneMatch) {

  /// None.
  public static <V> Conditions<V> none() {
    return new Conditions<>(Optional.empty(), Optional.empty());
  }

  boolean isNone() {
    return ifMatch.isEmpty() && ifNoneMatch.isEmpty();
  }
}
