package skarb.client;

import java.util.OptionalLong;

/// A range of a body to read.
public final class ByteRange {
  private final OptionalLong first;
  private final OptionalLong last;
  private final OptionalLong suffixLength;

  private ByteRange(OptionalLong first, OptionalLong last, OptionalLong suffixLength) {
    this.first = first;
    this.last = last;
    this.suffixLength = suffixLength;
  }

  /// From one byte to another, both inclusive, from 0. A last byte past the end means: to the end.
  public static ByteRange between(long first, long last) {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException("not a range: " + first + " to " + last);
    }
    return new ByteRange(OptionalLong.of(first), OptionalLong.of(last), OptionalLong.empty());
  }

  /// From a byte to the end.
  public static ByteRange from(long first) {
    if (first < 0) {
      throw new IllegalArgumentException("negative first byte: " + first);
    }
    return new ByteRange(OptionalLong.of(first), OptionalLong.empty(), OptionalLong.empty());
  }

  /// So many bytes from the end.
  public static ByteRange last(long length) {
    if (length < 1) {
      throw new IllegalArgumentException("no bytes: " + length);
    }
    return new ByteRange(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(length));
  }

  OptionalLong first() {
    return first;
  }

  OptionalLong last() {
    return last;
  }

  OptionalLong suffixLength() {
    return suffixLength;
  }

  /// As HTTP writes it.
  @Override
  public String toString() {
    if (suffixLength.isPresent()) {
      return "bytes=-" + suffixLength.getAsLong();
    }
    return "bytes="
        + first.orElse(0)
        + "-"
        + (last.isPresent() ? Long.toString(last.getAsLong()) : "");
  }
}
