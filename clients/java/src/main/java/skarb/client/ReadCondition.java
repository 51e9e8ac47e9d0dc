package skarb.client;

import java.time.Instant;
import java.util.Optional;

/// What must hold of an object for a read to be answered, by HTTP's rules (RFC 9110, 13.2.2). Where
/// it does not hold: [SkarbException.FailedPrecondition] for the first and the last,
/// [SkarbException.NotModified] for the others.
///
/// @param ifMatch the tag that it must have, without quotes
/// @param ifNoneMatch the tag that it must not have
/// @param ifModifiedSince it must have been written after this; not looked at beside ifNoneMatch
/// @param ifUnmodifiedSince it must not have been written after this; not looked at beside ifMatch
public record ReadCondition(
    Optional<String> ifMatch,
    Optional<String> ifNoneMatch,
    Optional<Instant> ifModifiedSince,
    Optional<Instant> ifUnmodifiedSince) {
  /// Nothing must hold.
  public static ReadCondition none() {
    return new ReadCondition(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// It must have this entity tag.
  public static ReadCondition ifMatch(String etag) {
    return new ReadCondition(
        Optional.of(etag), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// It must have another entity tag than this one.
  public static ReadCondition ifNoneMatch(String etag) {
    return new ReadCondition(
        Optional.empty(), Optional.of(etag), Optional.empty(), Optional.empty());
  }

  /// It must have been written after this.
  public static ReadCondition ifModifiedSince(Instant time) {
    return new ReadCondition(
        Optional.empty(), Optional.empty(), Optional.of(time), Optional.empty());
  }

  /// It must not have been written after this.
  public static ReadCondition ifUnmodifiedSince(Instant time) {
    return new ReadCondition(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(time));
  }

  boolean isNone() {
    return equals(none());
  }
}
