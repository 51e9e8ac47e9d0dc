package skarb.node.index;

/// Counts rows and sums their digest while they are written. Of one thread.
final class RowTally {
  private long rowCount;
  private StateDigest digest;
  private long payloadBytes;

  /// Nothing.
  RowTally() {
    this(0, StateDigest.EMPTY, 0);
  }

  /// From where a file stands.
  RowTally(long rowCount, StateDigest digest, long payloadBytes) {
    this.rowCount = rowCount;
    this.digest = digest;
    this.payloadBytes = payloadBytes;
  }

  void add(RowKey key, byte[] value) {
    rowCount++;
    digest = digest.plus(key, value);
    payloadBytes += key.bytes().length + value.length;
  }

  void remove(RowKey key, byte[] value) {
    rowCount--;
    digest = digest.minus(key, value);
    payloadBytes -= key.bytes().length + value.length;
  }

  /// What an index with these rows knows of them.
  IndexState state(long batch) {
    return new IndexState(batch, rowCount, digest);
  }

  /// Bytes of all keys and values.
  long payloadBytes() {
    return payloadBytes;
  }
}
