package skarb.node.index;

import com.google.common.collect.Iterators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import skarb.node.disk.CorruptFileException;
import skarb.node.index.IndexView.RowEntry;

/// A finished data file, open for reading by any thread. It counts who reads: whoever opened it
/// holds it first, a read holds it meanwhile, and it closes when the last lets go.
final class MapDbReader {
  private final Path file;
  private final MapDbMarker marker;
  private final DB db;
  private final BTreeMap<byte[], byte[]> rows;
  private final HotRows hot = new HotRows();
  private final AtomicInteger holders = new AtomicInteger(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  private MapDbReader(Path file, MapDbMarker marker, DB db, BTreeMap<byte[], byte[]> rows) {
    this.file = file;
    this.marker = marker;
    this.db = db;
    this.rows = rows;
  }

  /// Opens a file that its marker vouches for.
  ///
  /// @throws IOException if MapDB cannot read it
  static MapDbReader open(Path file, MapDbMarker marker) throws IOException {
    MapDbVolume volume = MapDbVolume.map(file);
    try {
      return MapDbGuard.use(
          file,
          () -> {
            DB db = MapDbFormat.openToRead(volume);
            return new MapDbReader(file, marker, db, MapDbFormat.openRows(db));
          });
    } catch (IOException e) {
      volume.close();
      throw e;
    }
  }

  /// Holds it open.
  ///
  /// @return false if it is closed, or about to be
  boolean hold() {
    while (true) {
      int before = holders.get();
      if (before == 0) {
        return false;
      }
      if (holders.compareAndSet(before, before + 1)) {
        return true;
      }
    }
  }

  /// Lets go of it.
  void release() {
    if (holders.decrementAndGet() == 0) {
      try {
        db.close();
      } finally {
        closed.countDown();
      }
    }
  }

  /// Waits until the last reader has let go.
  void awaitClosed() throws InterruptedException {
    closed.await();
  }

  /// The value of a row, or null where there is none.
  ///
  /// @throws UncheckedIOException if the row is damaged
  byte @Nullable [] get(RowKey key) {
    List<RowEntry> kept = hot.find(key, null, 1);
    if (kept != null) {
      return kept.getFirst().value();
    }
    byte[] value = lookUp(key);
    if (value != null) {
      hot.keep(key, null, 1, List.of(new RowEntry(key, value)));
    }
    return value;
  }

  private byte @Nullable [] lookUp(RowKey key) {
    try {
      Optional<byte[]> stored =
          MapDbGuard.use(file, () -> Optional.ofNullable(rows.get(key.bytes())));
      return stored.isEmpty() ? null : MapDbFormat.decode(file, key.bytes(), stored.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The rows of a range, of which at most `limit` are needed, most likely.
  Iterator<Map.Entry<RowKey, byte[]>> range(RowKey from, RowKey to, int limit) {
    if (limit >= HotRows.MOST_ROWS) {
      return range(from, to);
    }
    // A merge looks one row ahead.
    List<RowEntry> first = hot.find(from, to, limit + 1);
    if (first == null) {
      first = new ArrayList<>();
      Iterator<Map.Entry<RowKey, byte[]>> read = range(from, to);
      while (first.size() <= limit && read.hasNext()) {
        Map.Entry<RowKey, byte[]> row = read.next();
        first.add(new RowEntry(row.getKey(), row.getValue()));
      }
      hot.keep(from, to, limit + 1, first);
    }
    boolean whole = first.size() <= limit;
    Iterator<Map.Entry<RowKey, byte[]>> rowsOfFirst =
        Iterators.transform(first.iterator(), row -> Map.entry(row.key(), row.value()));
    if (whole) {
      return rowsOfFirst;
    }
    RowKey rest = IndexKeys.after(first.getLast().key());
    List<Supplier<Iterator<Map.Entry<RowKey, byte[]>>>> parts =
        List.of(() -> rowsOfFirst, () -> range(rest, to));
    return Iterators.concat(Iterators.transform(parts.iterator(), Supplier::get));
  }

  /// The rows of a range.
  Iterator<Map.Entry<RowKey, byte[]>> range(RowKey from, RowKey to) {
    return iterate(() -> rows.entryIterator(from.bytes(), true, to.bytes(), false));
  }

  /// All rows.
  Iterator<Map.Entry<RowKey, byte[]>> all() {
    return iterate(() -> rows.entryIterator());
  }

  /// Reads the file from end to end and compares it with its marker: the checksum of its bytes, the
  /// checksum of each row, row count and digest.
  ///
  /// @throws CorruptFileException if they differ
  void verify() throws IOException {
    marker.verify(file);
    RowTally tally = new RowTally();
    Iterator<Map.Entry<RowKey, byte[]>> all = all();
    while (all.hasNext()) {
      Map.Entry<RowKey, byte[]> row = all.next();
      tally.add(row.getKey(), row.getValue());
    }
    IndexState found = tally.state(marker.state().batch());
    if (!found.equals(marker.state())) {
      throw new CorruptFileException(file, 0, marker.state().toString(), found.toString());
    }
  }

  private Iterator<Map.Entry<RowKey, byte[]>> iterate(
      Supplier<Iterator<Map.Entry<byte[], byte[]>>> source) {
    Iterator<Map.Entry<byte[], byte[]>> stored = guarded(source);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return guarded(stored::hasNext);
      }

      @Override
      public Map.Entry<RowKey, byte[]> next() {
        Map.Entry<byte[], byte[]> row = guarded(stored::next);
        try {
          return Map.entry(
              new RowKey(row.getKey()), MapDbFormat.decode(file, row.getKey(), row.getValue()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  private <T> T guarded(Supplier<T> read) {
    try {
      return MapDbGuard.use(file, read::get);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
