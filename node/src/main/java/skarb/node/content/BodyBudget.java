package skarb.node.content;

import java.util.concurrent.Semaphore;

/// How many bytes of bodies may be in memory at once, over all uploads of the node. Who wants more
/// waits, first come first served, and while it waits it reads nothing from its client: so memory
/// grows neither with the number of uploads nor with their size.
///
/// Who waits must hold nothing that waits for it, or all could wait for one another. So
/// [BodyWriter] stands in line for the first piece of a chunk only; further pieces are had at once
/// or not at all, and if not, what there is of the chunk is written out as a shorter one. What a
/// stalled client holds stays held until its upload is cut for being too slow, which is the
/// server's work.
///
/// Threads: any, virtual ones too. Waiting can be interrupted.
public final class BodyBudget {
  private static final int UNIT_SHIFT = 10;
  private static final long UNIT = 1L << UNIT_SHIFT;

  private final Semaphore units;
  private final int total;

  /// @param bytes how many; counted in units of 1 KiB
  public BodyBudget(long bytes) {
    if (bytes < UNIT) {
      throw new IllegalArgumentException("a budget of at least 1 KiB, not " + bytes);
    }
    this.total = Math.toIntExact(bytes >>> UNIT_SHIFT);
    this.units = new Semaphore(total, true);
  }

  /// The usual one: 64 MiB, or an eighth of the heap if that is less.
  ///
  /// @param maxHeapBytes the heap, as `Runtime.maxMemory` has it
  public static BodyBudget forHeap(long maxHeapBytes) {
    return new BodyBudget(Math.max(1 << 20, Math.min(64 << 20, maxHeapBytes / 8)));
  }

  /// What a piece of a body costs: its bytes, rounded up to whole KiB, since a small piece is more
  /// than its bytes.
  public static int cost(int bytes) {
    return (int) ((bytes + UNIT - 1) & -UNIT);
  }

  /// Takes bytes if they are free, even past those who wait: so that who has begun a chunk can end
  /// it.
  ///
  /// @param cost a sum of [#cost]s
  public boolean tryAcquire(int cost) {
    return units.tryAcquire(units(cost));
  }

  /// Takes bytes, waiting for them in line. The caller holds none that only it can give back.
  ///
  /// @param cost a [#cost], at most [#mostAtOnce]
  public void acquire(int cost) throws InterruptedException {
    int wanted = units(cost);
    if (wanted > total) {
      throw new IllegalArgumentException(cost + " bytes are more than the whole budget");
    }
    units.acquire(wanted);
  }

  /// Gives bytes back.
  ///
  /// @param cost a sum of [#cost]s that were taken
  public void release(int cost) {
    units.release(units(cost));
  }

  /// The most bytes that can be had at once.
  public int mostAtOnce() {
    return (int) Math.min(Integer.MAX_VALUE & -UNIT, (long) total << UNIT_SHIFT);
  }

  /// Bytes that are taken now.
  public long usedBytes() {
    return (long) (total - units.availablePermits()) << UNIT_SHIFT;
  }

  private static int units(int cost) {
    return cost >>> UNIT_SHIFT;
  }
}
