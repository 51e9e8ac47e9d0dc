package skarb.cli.bench.client;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Makes a worker's bodies: random bytes that no server can compress, and every MiB of every body
/// unlike any other, so that no server can keep them once and for all.
public final class Bodies {
  private static final int BLOCK_BYTES = 1 << 20;

  private final ByteBuffer block;

  /// @param seed the run's: runs with different seeds share no bytes
  /// @param maxSize the size of the largest body that will be asked for
  public Bodies(long seed, long maxSize) {
    block = ByteBuffer.allocateDirect((int) Math.min(maxSize, BLOCK_BYTES));
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[block.capacity()];
    random.nextBytes(bytes);
    block.put(0, bytes);
  }

  /// A body. The one before is no longer valid.
  ///
  /// @param id the same for the same bytes
  public Body body(long id, long size) {
    return new Body(block, id, size);
  }
}
