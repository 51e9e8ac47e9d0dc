package skarb.node.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// Which chunks are there, where they lie, who holds them, and which the collector has given up:
/// all under one lock, so that a chunk is either pinned and stays, or condemned and counts as
/// absent. It touches no file.
///
/// ## A mark
///
/// The collector decides from the rows that it has read ("marked") since [#beginMark]. A row may
/// have come in behind its back, so what was pinned, put, noted or let go since then counts as live
/// until the next mark, whatever the collector has seen: each chunk's entry keeps the number of the
/// mark in which it was last touched. Numbers come round after 65,535 marks; a chunk that was last
/// touched just so many marks ago is then kept for one mark longer.
///
/// Threads: any. The lock is held for look-ups only.
final class ChunkCatalog {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition putEnded = lock.newCondition();

  @GuardedBy("lock")
  private final ChunkTable table;

  @GuardedBy("lock")
  private final SpareCopies spares = new SpareCopies(SpareCopies.MOST);

  /// How many pins each pinned chunk has.
  @GuardedBy("lock")
  private final Map<ChunkId, Integer> pins = new HashMap<>();

  /// Chunks that are being written.
  @GuardedBy("lock")
  private final Set<ChunkId> underWay = new HashSet<>();

  /// The number of the mark; 0 before the first.
  @GuardedBy("lock")
  private int mark;

  /// @param salt random: [ChunkTable]
  ChunkCatalog(long salt) {
    this.table = new ChunkTable(salt);
  }

  /// Notes a chunk that a start has found in a segment. Of several copies the one that comes last
  /// is read, the others are kept in mind: they may come in another order than that of their
  /// writing, since several segments are open at once.
  void load(ChunkId id, ChunkPlace place) {
    lock.lock();
    try {
      Optional<ChunkPlace> present = table.findPresent(id);
      table.put(id, place);
      present.ifPresent(other -> spares.put(id, other));
    } finally {
      lock.unlock();
    }
  }

  /// Notes where a chunk lies in a frame of the journal: [ChunkStore#addPlace].
  void addJournaled(ChunkId id, ChunkPlace place) {
    lock.lock();
    try {
      Optional<ChunkPlace> present = table.findPresent(id);
      if (present.isEmpty()) {
        table.put(id, place);
      } else if (isLaterInJournal(place, present.get())) {
        table.put(id, place);
        spares.put(id, present.get());
      } else if (!place.equals(present.get())) {
        spares.put(id, place);
      }
      touch(id);
    } finally {
      lock.unlock();
    }
  }

  private static boolean isLaterInJournal(ChunkPlace place, ChunkPlace other) {
    return place.home() == ChunkPlace.Home.JOURNAL
        && other.home() == ChunkPlace.Home.JOURNAL
        && (place.file() > other.file()
            || (place.file() == other.file() && place.position() > other.position()));
  }

  /// Pins a chunk, if it is there.
  Optional<Pin> pin(ChunkId id) {
    lock.lock();
    try {
      return table.findPresent(id).map(place -> newPin(id, place));
    } finally {
      lock.unlock();
    }
  }

  /// Pins a chunk, if it is there. If not, the caller has announced that it writes it, and ends
  /// that by [#endPut] in any case; who puts the same chunk meanwhile waits here.
  Optional<Pin> pinOrAnnounce(ChunkId id) {
    lock.lock();
    try {
      while (true) {
        Optional<ChunkPlace> place = table.findPresent(id);
        if (place.isPresent()) {
          return Optional.of(newPin(id, place.get()));
        }
        if (underWay.add(id)) {
          return Optional.empty();
        }
        putEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends what was announced.
  ///
  /// @param place where the chunk was written; null if it was not
  /// @return a pin on it, if it was written
  Optional<Pin> endPut(ChunkId id, @Nullable ChunkPlace place) {
    lock.lock();
    try {
      underWay.remove(id);
      putEnded.signalAll();
      if (place == null) {
        return Optional.empty();
      }
      table.put(id, place);
      return Optional.of(newPin(id, place));
    } finally {
      lock.unlock();
    }
  }

  /// Begins a mark: [ChunkStore#beginMark].
  void beginMark() {
    lock.lock();
    try {
      mark = mark == ChunkTable.MAX_MARK ? 1 : mark + 1;
    } finally {
      lock.unlock();
    }
  }

  /// Begins a chunk's end: [ChunkStore#condemn].
  boolean condemn(ChunkId id) {
    lock.lock();
    try {
      if (pins.containsKey(id)
          || table.findPresent(id).isEmpty()
          || (mark != 0 && table.lastTouched(id) == mark)) {
        return false;
      }
      table.setState(id, ChunkTable.State.CONDEMNED);
      spares.removeAll(id);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Notes damage: [ChunkStore#markDamaged].
  void markDamaged(ChunkId id, ChunkPlace place) {
    lock.lock();
    try {
      if (table.findPresent(id).filter(place::equals).isPresent()) {
        ChunkPlace spare = spares.removeLast(id);
        if (spare == null) {
          table.setState(id, ChunkTable.State.DAMAGED);
        } else {
          table.put(id, spare);
        }
      } else {
        spares.remove(id, place);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Where a chunk lies, whatever its state.
  Optional<ChunkPlace> find(ChunkId id) {
    lock.lock();
    try {
      return table.find(id);
    } finally {
      lock.unlock();
    }
  }

  /// Where a chunk lies, if it is there and neither condemned nor damaged.
  Optional<ChunkPlace> findPresent(ChunkId id) {
    lock.lock();
    try {
      return table.findPresent(id);
    } finally {
      lock.unlock();
    }
  }

  /// Another copy than those that were tried.
  Optional<ChunkPlace> findOther(ChunkId id, Collection<ChunkPlace> tried) {
    lock.lock();
    try {
      return table
          .findPresent(id)
          .filter(place -> !tried.contains(place))
          .or(() -> spares.of(id).stream().filter(place -> !tried.contains(place)).findFirst());
    } finally {
      lock.unlock();
    }
  }

  /// How many chunks are known.
  int size() {
    lock.lock();
    try {
      return table.size();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Pin newPin(ChunkId id, ChunkPlace place) {
    pins.merge(id, 1, Integer::sum);
    touch(id);
    boolean inSegment = place.home() == ChunkPlace.Home.SEGMENT;
    return new Pin(
        id,
        place.length(),
        inSegment ? place.file() : Pin.NO_SEGMENT,
        place.position() + ChunkRecordFormat.recordLength(place.length()),
        this::unpin);
  }

  private void unpin(ChunkId id) {
    lock.lock();
    try {
      pins.computeIfPresent(id, (chunk, count) -> count == 1 ? null : count - 1);
      touch(id); // it may have been pinned since before the mark, and its row be new
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void touch(ChunkId id) {
    if (mark != 0) {
      table.touch(id, mark);
    }
  }
}
