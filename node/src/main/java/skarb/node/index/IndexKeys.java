package skarb.node.index;

import java.util.Arrays;

/// The keys of the rows, byte by byte.
public final class IndexKeys {
  private IndexKeys() {}

  /// The smallest key above another.
  public static RowKey after(RowKey key) {
    return new RowKey(Arrays.copyOf(key.bytes(), key.bytes().length + 1));
  }
}
