package skarb.node.commit;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Index;
import skarb.node.index.RowChanges;
import skarb.node.index.RowKey;
import skarb.node.index.StateDigest;

/// An index that fails when it is told to, as one whose checkpoint failed.
final class RefusingIndex implements Index {
  private final Index index;
  private volatile boolean failed;

  RefusingIndex(Index index) {
    this.index = index;
  }

  void fail() {
    failed = true;
  }

  @Override
  public void mustTakeBatches() {
    if (failed) {
      throw new IllegalStateException("the checkpoint failed");
    }
  }

  @Override
  public void apply(long batch, RowChanges changes) {
    mustTakeBatches();
    index.apply(batch, changes);
  }

  @Override
  public long appliedBatch() {
    return index.appliedBatch();
  }

  @Override
  public long checkpointBatch() {
    return index.checkpointBatch();
  }

  @Override
  public long rowCount() {
    return index.rowCount();
  }

  @Override
  public StateDigest digest() {
    return index.digest();
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    return index.get(key);
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    return index.seek(from, to);
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    return index.scan(from, to, limit);
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
