package skarb.node.segment;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import skarb.node.model.ChunkId;

/// Keeps a chunk from the collector until it is closed: from the moment when its user learnt that
/// the chunk is there to the moment when the row that names it was applied. It also says how far
/// the chunk's segment must be durable before that row may be committed: [ChunkStore#force].
///
/// Closing it twice is closing it once. Any thread may.
public final class Pin implements AutoCloseable {
  /// The segment of a pin on a chunk that does not lie in a segment: nothing to force.
  static final long NO_SEGMENT = 0;

  private final ChunkId chunk;
  private final int length;
  private final long segment;
  private final long end;
  private final Consumer<ChunkId> release;
  private final AtomicBoolean closed = new AtomicBoolean();

  Pin(ChunkId chunk, int length, long segment, long end, Consumer<ChunkId> release) {
    this.chunk = chunk;
    this.length = length;
    this.segment = segment;
    this.end = end;
    this.release = release;
  }

  /// The chunk.
  public ChunkId chunk() {
    return chunk;
  }

  /// Bytes of the chunk.
  public int length() {
    return length;
  }

  /// The number of the segment that the chunk lies in; 0 if it lies in the journal, where it was
  /// forced with its batch.
  public long segment() {
    return segment;
  }

  /// The first byte after the chunk's record, from the start of the segment.
  public long end() {
    return end;
  }

  /// Lets the chunk go.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release.accept(chunk);
    }
  }

  @Override
  public String toString() {
    return "pin on chunk " + chunk + " in segment " + segment + " up to " + end;
  }
}
