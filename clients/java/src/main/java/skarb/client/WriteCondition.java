package skarb.client;

import java.util.Optional;

/// What must hold of what is current under a key for a write to happen, judged when it is
/// committed. Where it does not hold: [SkarbException.FailedPrecondition], or
/// [SkarbException.NotFound] where something must be there and is not.
///
/// @param ifMatch the tag that must be current, `*` for any
/// @param ifAbsent whether nothing may be current
public record WriteCondition(Optional<String> ifMatch, boolean ifAbsent) {
  /// Nothing must hold.
  public static WriteCondition none() {
    return new WriteCondition(Optional.empty(), false);
  }

  /// The current object must have this entity tag (without quotes).
  public static WriteCondition ifMatch(String etag) {
    return new WriteCondition(Optional.of(etag), false);
  }

  /// Nothing may be there: If-None-Match: `*`.
  public static WriteCondition onlyIfAbsent() {
    return new WriteCondition(Optional.empty(), true);
  }

  boolean isNone() {
    return ifMatch.isEmpty() && !ifAbsent;
  }
}
