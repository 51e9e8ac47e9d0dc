package skarb.node.index;

import com.google.common.collect.Iterators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.DirectorySync;
import skarb.node.model.StoreId;

/// Makes a [MapDbIndex] again from the journal, by writing its file once and in order, where
/// checkpoints would change one file after the other over and over.
///
/// 1. Batches go to a memtable. When that is full it becomes a [SortedRun], a scratch file, and a
///    new one begins. Joining reads rows back: from the memtable, then from the runs, the newest
///    first, whose filters keep most of that in memory.
/// 2. Where there are many runs of about one size, they are merged into a larger one, so that few
///    files have to be asked and held open, however many rows there are.
/// 3. [#finish] merges everything straight into MapDB's sorted loader, checks the sum against row
///    count and digest, forces, marks, and opens the file as [MapDbIndex] always does.
///
/// Memory: one memtable of the usual budget, 10 bits a row for the filters, a key for each 16 KiB
/// of rows. A crash leaves runs and perhaps a file without a marker: whoever opens the index next
/// deletes or overwrites them.
public final class MapDbRebuild implements IndexRebuild {
  /// The end of a run's name.
  private static final String SUFFIX = ".run";

  /// How many runs of a size are merged into one.
  private static final int FAN_IN = 12;

  /// Rows between two reports of progress.
  private static final int PROGRESS_ROWS = 10_000;

  private final Path directory;
  private final StoreId store;
  private final ThreadFactory threads;
  private final MapDbConfig config;
  private final int fanIn;

  /// The newest first.
  private final List<Tiered> runs = new ArrayList<>();

  private Memtable active = new Memtable(0);
  private IndexState state = IndexState.EMPTY;
  private int files;

  /// A run.
  ///
  /// @param tier how often its rows were merged
  private record Tiered(SortedRun run, int tier) {}

  private MapDbRebuild(
      Path directory, StoreId store, ThreadFactory threads, MapDbConfig config, int fanIn) {
    this.directory = directory;
    this.store = store;
    this.threads = threads;
    this.config = config;
    this.fanIn = fanIn;
  }

  /// Begins with no rows. Deletes what is in the folder, which is the index's own.
  ///
  /// @param directory as of [MapDbIndex#open]
  /// @param store whose index it will be
  /// @param threads makes the thread of the finished index
  public static MapDbRebuild begin(
      Path directory, StoreId store, ThreadFactory threads, MapDbConfig config) throws IOException {
    return begin(directory, store, threads, config, FAN_IN);
  }

  /// @param fanIn how many runs of a size are merged into one
  static MapDbRebuild begin(
      Path directory, StoreId store, ThreadFactory threads, MapDbConfig config, int fanIn)
      throws IOException {
    Files.createDirectories(directory);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    DirectorySync.force(directory);
    return new MapDbRebuild(directory, store, threads, config, fanIn);
  }

  /// Deletes the runs that a rebuild left which did not come to its end.
  static void deleteRuns(Path directory) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void apply(long batch, RowChanges changes) {
    state = state.after(batch, changes, this);
    for (Map.Entry<RowKey, Optional<byte[]>> change : changes.changes().entrySet()) {
      active.put(change.getKey(), change.getValue().orElse(Memtable.REMOVED));
    }
    if (active.bytes() >= config.memtableBudgetBytes()) {
      try {
        spill();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void spill() throws IOException {
    SortedRun run = SortedRun.write(nextFile(), active.all().iterator(), active.rows());
    runs.addFirst(new Tiered(run, 0));
    active = new Memtable(state.batch());
    for (int tier = 0; count(tier) >= fanIn; tier++) {
      merge(tier);
    }
  }

  private int count(int tier) {
    return (int) runs.stream().filter(run -> run.tier() == tier).count();
  }

  /// Makes one run of those of a tier, which are neighbours: a newer one is never of a higher tier.
  private void merge(int tier) throws IOException {
    List<Tiered> merged = runs.stream().filter(run -> run.tier() == tier).toList();
    boolean oldest = merged.getLast().equals(runs.getLast());
    Iterator<Map.Entry<RowKey, byte[]>> rows =
        new MergedRows(merged.stream().map(run -> run.run().all()).toList());
    SortedRun whole =
        SortedRun.write(
            nextFile(),
            oldest ? withoutRemoved(rows) : rows,
            merged.stream().mapToLong(run -> run.run().rows()).sum());
    runs.set(runs.indexOf(merged.getFirst()), new Tiered(whole, tier + 1));
    runs.removeAll(merged);
    for (Tiered run : merged) {
      run.run().close();
    }
  }

  /// A removed row need not be remembered where nothing older is.
  private static Iterator<Map.Entry<RowKey, byte[]>> withoutRemoved(
      Iterator<Map.Entry<RowKey, byte[]>> rows) {
    return Iterators.filter(rows, row -> !Memtable.isRemoved(row.getValue()));
  }

  private Path nextFile() {
    return directory.resolve(String.format(Locale.ROOT, "%06d%s", ++files, SUFFIX));
  }

  @Override
  public Index finish(Progress progress) throws IOException {
    try (this) {
      MapDbFiles target =
          new MapDbFiles(directory, store, config, CheckpointSteps.NONE, () -> false);
      if (state.batch() > 0) {
        target.load(state, reported(new MergedRows(sources()), progress));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    MapDbIndex index = MapDbIndex.open(directory, store, threads, config);
    if (index.appliedBatch() != state.batch() || !index.digest().equals(state.digest())) {
      index.close();
      throw new IOException("the index that was just made in " + directory + " is not there");
    }
    return index;
  }

  private Iterator<Map.Entry<RowKey, byte[]>> reported(
      Iterator<Map.Entry<RowKey, byte[]>> rows, Progress progress) {
    long[] count = new long[1];
    return Iterators.transform(
        rows,
        row -> {
          if (!Memtable.isRemoved(row.getValue()) && ++count[0] % PROGRESS_ROWS == 0) {
            progress.loaded(count[0], state.rowCount());
          }
          return row;
        });
  }

  private List<Iterator<Map.Entry<RowKey, byte[]>>> sources() {
    List<Iterator<Map.Entry<RowKey, byte[]>>> sources = new ArrayList<>();
    sources.add(active.all().iterator());
    runs.forEach(run -> sources.add(run.run().all()));
    return sources;
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    byte[] value = active.get(key);
    for (int i = 0; value == null && i < runs.size(); i++) {
      value = runs.get(i).run().get(key);
    }
    return Memtable.isRemoved(value) ? null : value;
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    List<RowEntry> first = scan(from, to, 1);
    return first.isEmpty() ? null : first.getFirst();
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    if (from.compareTo(to) >= 0 || limit == 0) {
      return new ArrayList<>();
    }
    List<Iterator<Map.Entry<RowKey, byte[]>>> sources = new ArrayList<>();
    sources.add(active.range(from, to).iterator());
    runs.forEach(run -> sources.add(run.run().range(from, to)));
    return new MergedRows(sources).first(limit);
  }

  @Override
  public void mustTakeBatches() {
    // It does, until the disk is full.
  }

  @Override
  public long appliedBatch() {
    return state.batch();
  }

  @Override
  public long checkpointBatch() {
    return 0;
  }

  @Override
  public long rowCount() {
    return state.rowCount();
  }

  @Override
  public StateDigest digest() {
    return state.digest();
  }

  /// About how much memory the rows take that are in no run yet.
  long memtableBytes() {
    return active.bytes();
  }

  /// How many runs there are.
  int runs() {
    return runs.size();
  }

  /// Deletes what it wrote. Idempotent.
  @Override
  public void close() throws IOException {
    for (Tiered run : runs) {
      run.run().close();
    }
    runs.clear();
  }
}
