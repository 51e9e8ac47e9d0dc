package skarb.node.model;

import skarb.v1.Dot;

/// The name of an entry: its origin and its number there. The dot of the entry that made a bucket
/// is the bucket's incarnation.
///
/// @param origin who wrote it
/// @param sequence from 1, without gaps
public record EntryDot(OriginId origin, long sequence) implements Comparable<EntryDot> {
  public EntryDot {
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence below 1: " + sequence);
    }
  }

  /// From its form in entries.
  public static EntryDot of(Dot dot) {
    return new EntryDot(new OriginId(dot.getOrigin()), dot.getSequence());
  }

  /// Its form in entries.
  public Dot toProto() {
    return Dot.newBuilder().setOrigin(origin.value()).setSequence(sequence).build();
  }

  @Override
  public int compareTo(EntryDot other) {
    int byOrigin = origin.compareTo(other.origin);
    return byOrigin != 0 ? byOrigin : Long.compareUnsigned(sequence, other.sequence);
  }

  @Override
  public String toString() {
    return origin + ":" + sequence;
  }
}
