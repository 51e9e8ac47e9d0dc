package skarb.testkit.disk;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A file: its bytes as processes see them, its bytes as the medium holds them, and the changes
/// between the two. Guarded by the disk's lock.
final class FileNode extends Node {
  /// The unit that the medium writes whole or not at all.
  static final int SECTOR_BYTES = 512;

  private final SparseBytes current = new SparseBytes();
  private final SparseBytes durable = new SparseBytes();
  private final List<Change> pending = new ArrayList<>();
  private final List<SimulatedFileLock> locks = new ArrayList<>();
  private final TreeMap<Long, Long> unreadable = new TreeMap<>();
  private long lastSequence;

  /// Whether `current` and `durable` may differ with nothing pending: after a failed force.
  private boolean diverged;

  int opens;

  FileNode(long number, Set<PosixFilePermission> permissions, Instant now) {
    super(number, permissions, now);
  }

  /// A write, or with no bytes a truncation.
  private record Change(long sequence, long position, Bytes bytes, long sizeAfter) {}

  /// Bytes of a change; a holder, since an array in a record compares by identity.
  private static final class Bytes {
    static final Bytes NONE = new Bytes(new byte[0]);
    final byte[] array;

    Bytes(byte[] array) {
      this.array = array;
    }
  }

  @Override
  long size() {
    return current.size();
  }

  List<SimulatedFileLock> locks() {
    return locks;
  }

  void read(long position, byte[] target, int length) {
    current.read(position, target, 0, length);
  }

  boolean isReadable(long position, long length) {
    var before = unreadable.lowerEntry(position + length);
    return before == null || before.getValue() <= position;
  }

  void makeUnreadable(long position, long length) {
    unreadable.merge(position, position + length, Math::max);
  }

  /// Writes the first `length` of `bytes`, which must not be changed afterwards.
  void write(long position, byte[] bytes, int length) {
    byte[] kept = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    current.write(position, kept, 0, length);
    pending.add(new Change(++lastSequence, position, new Bytes(kept), current.size()));
    var covered = unreadable.floorEntry(position);
    if (covered != null
        && covered.getKey() == position
        && covered.getValue() <= position + length) {
      unreadable.remove(position); // a rewritten bad sector is remapped
    }
  }

  void truncate(long size) {
    current.resize(size);
    pending.add(new Change(++lastSequence, size, Bytes.NONE, size));
  }

  /// The last change so far: what a force that starts now covers.
  long lastSequence() {
    return lastSequence;
  }

  boolean isDurable() {
    return pending.isEmpty() && !diverged;
  }

  /// Everything up to change `sequence` reached the medium.
  void force(long sequence) {
    Iterator<Change> changes = pending.iterator();
    while (changes.hasNext()) {
      Change change = changes.next();
      if (change.sequence > sequence) {
        return;
      }
      if (change.bytes == Bytes.NONE) {
        durable.resize(change.position);
      } else {
        durable.write(change.position, change.bytes.array, 0, change.bytes.array.length);
      }
      changes.remove();
    }
  }

  /// The force failed. As on Linux, the pages count as clean from then on: what did not reach the
  /// medium never will, readers still see it until the crash, and a second force would report
  /// success.
  void failForce(Survival survival) {
    settle(survival);
    diverged = true;
  }

  /// The machine stopped: what is here now is what the medium holds.
  void crash(Survival survival) {
    boolean same = isDurable();
    settle(survival);
    if (!same) {
      current.become(durable);
    }
    diverged = false;
    locks.clear();
    opens = 0;
  }

  /// Changes `durable` to a state that it may have been left in.
  ///
  /// Each sector ends as it was after some change that touched it, or as forced before: which one
  /// is drawn for each write and sector, so a later write can be there while an earlier one is
  /// lost. The sizes are journaled metadata: some first few of them took effect.
  private void settle(Survival survival) {
    int sizes = survival.sizes(pending.size());
    long size = sizes == 0 ? durable.size() : pending.get(sizes - 1).sizeAfter;
    Sectors seen = new Sectors(durable);
    for (int i = 0; i < pending.size(); i++) {
      Change change = pending.get(i);
      if (change.bytes == Bytes.NONE) {
        seen.cut(change.position);
        if (i < sizes) {
          durable.resize(change.position);
        }
      } else {
        settleWrite(change, seen, survival);
      }
    }
    durable.resize(size);
    pending.clear();
  }

  private void settleWrite(Change change, Sectors seen, Survival survival) {
    byte[] bytes = change.bytes.array;
    Survival.Fate fate = survival.write();
    long end = change.position + bytes.length;
    for (long sector = change.position / SECTOR_BYTES; sector * SECTOR_BYTES < end; sector++) {
      byte[] content = seen.of(sector);
      long start = Math.max(sector * SECTOR_BYTES, change.position);
      long stop = Math.min((sector + 1) * SECTOR_BYTES, end);
      System.arraycopy(
          bytes,
          (int) (start - change.position),
          content,
          (int) (start % SECTOR_BYTES),
          (int) (stop - start));
      boolean kept =
          switch (fate) {
            case LOST -> false;
            case KEPT -> true;
            case TORN -> survival.one();
          };
      if (kept) {
        durable.write(sector * SECTOR_BYTES, content, 0, SECTOR_BYTES);
      }
    }
  }

  /// Changes one bit on the medium and in what readers see.
  void flipBit(long position, int bit) {
    flipBit(current, position, bit);
    flipBit(durable, position, bit);
  }

  private static void flipBit(SparseBytes content, long position, int bit) {
    if (position < content.size()) {
      byte[] one = new byte[1];
      content.read(position, one, 0, 1);
      one[0] ^= (byte) (1 << bit);
      content.write(position, one, 0, 1);
    }
  }

  void truncateDurably(long size) {
    current.resize(size);
    durable.become(current);
    pending.clear();
    diverged = false;
  }

  /// The sectors touched by pending changes, as processes saw them at each step of the replay.
  private static final class Sectors {
    private final SparseBytes base;
    private final TreeMap<Long, byte[]> touched = new TreeMap<>();
    private long zerosFrom = Long.MAX_VALUE;

    Sectors(SparseBytes base) {
      this.base = base;
    }

    byte[] of(long sector) {
      byte @Nullable [] known = touched.get(sector);
      if (known != null) {
        return known;
      }
      byte[] content = new byte[SECTOR_BYTES];
      base.read(sector * SECTOR_BYTES, content, 0, SECTOR_BYTES);
      blank(sector, content, zerosFrom);
      touched.put(sector, content);
      return content;
    }

    void cut(long size) {
      zerosFrom = Math.min(zerosFrom, size);
      touched.tailMap(size / SECTOR_BYTES, true).forEach((sector, it) -> blank(sector, it, size));
    }

    private static void blank(long sector, byte[] content, long from) {
      long start = sector * SECTOR_BYTES;
      if (from < start + SECTOR_BYTES) {
        Arrays.fill(content, (int) Math.max(0, from - start), SECTOR_BYTES, (byte) 0);
      }
    }
  }
}
