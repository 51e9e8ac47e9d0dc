package skarb.node.model;

/// A stamp of the hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): 48 bits
/// of Unix milliseconds, then 16 bits of counter, compared as an unsigned number. A counter that
/// overflows carries into the milliseconds.
///
/// @param value the 64 bits
public record Hlc(long value) implements Comparable<Hlc> {
  /// Below every stamp that is given out.
  public static final Hlc ZERO = new Hlc(0);

  /// The first stamp of a millisecond.
  public static Hlc ofMillis(long unixMillis) {
    if (unixMillis < 0 || unixMillis >= 1L << 48) {
      throw new IllegalArgumentException("milliseconds outside 48 bits: " + unixMillis);
    }
    return new Hlc(unixMillis << 16);
  }

  /// Unix milliseconds.
  public long millis() {
    return value >>> 16;
  }

  /// The stamp after this one.
  public Hlc next() {
    return new Hlc(value + 1);
  }

  @Override
  public int compareTo(Hlc other) {
    return Long.compareUnsigned(value, other.value);
  }
}
