package skarb.node.index;

import java.util.Arrays;
import java.util.HexFormat;

/// The key of a row: bytes, ordered as unsigned numbers. `IndexKeys` makes them.
public final class RowKey implements Comparable<RowKey> {
  private final byte[] bytes;

  /// Takes the array over: nobody changes it afterwards.
  public RowKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// The bytes, not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public int compareTo(RowKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
