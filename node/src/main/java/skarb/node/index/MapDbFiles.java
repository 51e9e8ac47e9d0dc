package skarb.node.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.disk.CorruptFileException;
import skarb.node.index.CheckpointSteps.Step;
import skarb.node.model.StoreId;

/// The two data files, `a.mapdb` and `b.mapdb`, each with its marker: one is read, the other is
/// written, in turn. A crash dirties only the one that is being written, and that has no marker
/// then.
///
/// To write the other file, up to a goal:
/// 1. Take its marker away, durably.
/// 2. Bring it up to the goal: *change* it, if it holds what its marker said; else *copy* the file
///    that is read, and change that; or *load* it anew, sorted, from the file that is read and the
///    memtables, if there is nothing to copy or what there is has grown past twice its loaded size.
/// 3. What was met on the way must add up to the goal's row count and digest. If a changed file
///    does not, it was damaged: load it anew. If a loaded one does not, the file that is read is
///    damaged, or we are: both markers go, and the next start makes the index anew.
/// 4. Close, force, and write the marker, which holds the checksum of all the file's bytes.
///
/// Of the checkpoint's thread, once opened.
final class MapDbFiles {
  private static final Logger LOG = LoggerFactory.getLogger(MapDbFiles.class);

  /// About what a loaded file takes for a row beside its key and value.
  private static final long LOADED_ROW_BYTES = 24;

  private final Path directory;
  private final StoreId store;
  private final MapDbConfig config;
  private final CheckpointSteps steps;
  private final BooleanSupplier stopped;
  private final Slot first;
  private final Slot second;
  private @Nullable Slot current;
  private @Nullable MapDbReader reader;

  /// @param stopped asked while a file is written; true gives it up
  MapDbFiles(
      Path directory,
      StoreId store,
      MapDbConfig config,
      CheckpointSteps steps,
      BooleanSupplier stopped) {
    this.directory = directory;
    this.store = store;
    this.config = config;
    this.steps = steps;
    this.stopped = stopped;
    this.first = new Slot(directory, "a");
    this.second = new Slot(directory, "b");
  }

  /// One of the two files.
  private static final class Slot {
    private final Path data;
    private final Path marker;
    private @Nullable MapDbMarker valid;

    Slot(Path directory, String name) {
      data = directory.resolve(name + ".mapdb");
      marker = directory.resolve(name + ".marker");
    }
  }

  /// Thrown to give up a write since the index is being closed.
  static final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("the index is being closed");
    }
  }

  /// Finds the newest file that its marker vouches for, down to the last byte, and opens it. The
  /// other one is not used, whatever it holds: the memtables between the two are gone.
  ///
  /// @return what the index knows; empty where no file is usable
  IndexState open() throws IOException {
    Files.createDirectories(directory);
    MapDbRebuild.deleteRuns(directory);
    List<Slot> usable = new ArrayList<>();
    for (Slot slot : List.of(first, second)) {
      slot.valid = readMarker(slot);
      if (slot.valid != null) {
        usable.add(slot);
      }
    }
    usable.sort(Comparator.comparingLong(slot -> -markerOf(slot).state().batch()));
    for (Slot slot : usable) {
      if (reader == null && tryOpen(slot)) {
        current = slot;
      } else {
        slot.valid = null;
      }
    }
    return current == null ? IndexState.EMPTY : markerOf(current).state();
  }

  private @Nullable MapDbMarker readMarker(Slot slot) {
    try {
      return MapDbMarker.read(slot.marker, store);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.warn("index file not used: {}", e.getMessage());
      return null;
    }
  }

  private boolean tryOpen(Slot slot) {
    try {
      markerOf(slot).verify(slot.data);
      reader = MapDbReader.open(slot.data, markerOf(slot));
      return true;
    } catch (IOException e) {
      LOG.warn("index file not used: {}", e.toString());
      return false;
    }
  }

  /// The file that reads go to, or null where there is none yet.
  @Nullable MapDbReader reader() {
    return reader;
  }

  /// Up to which batch the file that is read has all rows.
  long batch() {
    return current == null ? 0 : markerOf(current).state().batch();
  }

  /// Up to which batch both files have all rows.
  long batchOfBoth() {
    return first.valid == null || second.valid == null
        ? 0
        : Math.min(first.valid.state().batch(), second.valid.state().batch());
  }

  /// Brings the file that is not read up to a goal, marks it and opens it: from here on [#reader]
  /// is the new one. The one before stays open: whoever called lets go of it, and waits until it is
  /// closed before the next write.
  ///
  /// @param goal what all rows add up to
  /// @param newestFirst the memtables whose rows are not in both files
  void write(IndexState goal, List<Memtable> newestFirst) throws IOException {
    Slot target = first.equals(current) ? second : first;
    MapDbMarker before = target.valid;
    target.valid = null;
    MapDbMarker.remove(target.marker);
    steps.done(Step.UNMARKED);
    mark(target, goal, fill(target, before, goal, newestFirst));
    reader = MapDbReader.open(target.data, markerOf(target));
    current = target;
  }

  /// Makes the first file, of all rows, where there is none yet. It is not opened.
  ///
  /// @param goal what the rows add up to
  /// @param sorted all rows; removed ones are passed over
  void load(IndexState goal, Iterator<Map.Entry<RowKey, byte[]>> sorted) throws IOException {
    mark(first, goal, load(new MapDbWriter(this::pause), first, goal, sorted));
  }

  private void mark(Slot target, IndexState goal, long payloadBytes) throws IOException {
    steps.done(Step.CLOSED);
    force(target.data);
    steps.done(Step.FORCED);
    MapDbMarker marker = MapDbMarker.of(store, goal, payloadBytes, target.data);
    marker.prepare(target.marker);
    steps.done(Step.MARKER_WRITTEN);
    MapDbMarker.publish(target.marker);
    target.valid = marker;
    steps.done(Step.MARKED);
  }

  private long fill(
      Slot target, @Nullable MapDbMarker before, IndexState goal, List<Memtable> newestFirst)
      throws IOException {
    MapDbWriter writer = new MapDbWriter(this::pause);
    MapDbMarker base = before;
    if (base == null && current != null && !isOvergrown(markerOf(current))) {
      writer.copy(current.data, target.data);
      base = markerOf(current);
    }
    if (base != null && !isOvergrown(base)) {
      RowTally changed = tryChange(writer, target, base, newestFirst);
      if (changed != null && changed.state(goal.batch()).equals(goal)) {
        return changed.payloadBytes();
      }
      LOG.warn("index file {} is damaged and is made anew", target.data);
    }
    return load(writer, target, goal, allRows(newestFirst));
  }

  private long load(
      MapDbWriter writer, Slot target, IndexState goal, Iterator<Map.Entry<RowKey, byte[]>> sorted)
      throws IOException {
    RowTally loaded = writer.load(target.data, sorted);
    if (!loaded.state(goal.batch()).equals(goal)) {
      MapDbMarker.remove(first.marker);
      MapDbMarker.remove(second.marker);
      throw new CorruptFileException(
          target.data, 0, goal.toString(), loaded.state(goal.batch()).toString());
    }
    return loaded.payloadBytes();
  }

  private static @Nullable RowTally tryChange(
      MapDbWriter writer, Slot target, MapDbMarker base, List<Memtable> newestFirst)
      throws IOException {
    List<Iterator<Map.Entry<RowKey, byte[]>>> changes = new ArrayList<>();
    for (Memtable table : newestFirst) {
      if (table.lastBatch() > base.state().batch()) {
        changes.add(table.all().iterator());
      }
    }
    try {
      return MapDbGuard.use(
          target.data, () -> writer.change(target.data, base, new MergedRows(changes)));
    } catch (StoppedException e) {
      throw e;
    } catch (IOException e) {
      LOG.warn("index file {}: {}", target.data, e.toString());
      return null;
    }
  }

  private Iterator<Map.Entry<RowKey, byte[]>> allRows(List<Memtable> newestFirst) {
    List<Iterator<Map.Entry<RowKey, byte[]>>> sources = new ArrayList<>();
    newestFirst.forEach(table -> sources.add(table.all().iterator()));
    if (reader != null) {
      sources.add(reader.all());
    }
    return new MergedRows(sources);
  }

  private boolean isOvergrown(MapDbMarker marker) {
    long loaded = marker.payloadBytes() + LOADED_ROW_BYTES * marker.state().rowCount();
    return marker.fileLength() > Math.max(config.compactionBytes(), 2 * loaded);
  }

  @SuppressWarnings(
      "ThreadPriorityCheck") // a virtual thread runs until it blocks: let others go on
  private void pause() throws IOException {
    if (stopped.getAsBoolean()) {
      throw new StoppedException();
    }
    steps.done(Step.WRITING);
    Thread.yield();
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static MapDbMarker markerOf(Slot slot) {
    if (slot.valid == null) {
      throw new IllegalStateException("no marker for " + slot.data);
    }
    return slot.valid;
  }
}
