package skarb.node.index;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Map;
import org.mapdb.BTreeMap;
import org.mapdb.DB;

/// Writes a data file that nobody reads. On return MapDB has closed it; it is not forced.
final class MapDbWriter {
  private static final int ROWS_PER_PAUSE = 256;
  private static final long COPY_BYTES = 4 << 20;

  private final Pause pause;
  private int rows;

  /// Asked every few hundred rows, so that a long write lets others run and can be given up.
  @FunctionalInterface
  interface Pause {
    /// @throws IOException to give up
    void pause() throws IOException;
  }

  MapDbWriter(Pause pause) {
    this.pause = pause;
  }

  /// Copies a closed file.
  void copy(Path source, Path target) throws IOException {
    Files.deleteIfExists(target);
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long position = 0;
      while (position < in.size()) {
        position += in.transferTo(position, COPY_BYTES, out);
        pause.pause();
      }
    }
  }

  /// Makes a file of sorted rows.
  ///
  /// @param sorted all rows; removed ones are passed over
  /// @return what it holds
  RowTally load(Path file, Iterator<Map.Entry<RowKey, byte[]>> sorted) throws IOException {
    Files.deleteIfExists(file);
    RowTally tally = new RowTally();
    DB db = MapDbFormat.openToWrite(file);
    try {
      DB.TreeMapSink<byte[], byte[]> sink = MapDbFormat.rows(db).createFromSink();
      while (sorted.hasNext()) {
        Map.Entry<RowKey, byte[]> row = sorted.next();
        if (!Memtable.isRemoved(row.getValue())) {
          byte[] key = row.getKey().bytes();
          sink.put(key, MapDbFormat.encode(key, row.getValue()));
          tally.add(row.getKey(), row.getValue());
        }
        count();
      }
      sink.create();
      db.commit();
    } finally {
      db.close();
    }
    return tally;
  }

  /// Changes a file that holds what its marker says.
  ///
  /// @param before the marker it had
  /// @param sorted the changes
  /// @return what it holds afterwards, as far as the rows tell that were met
  /// @throws IOException if a row that was met is damaged
  RowTally change(Path file, MapDbMarker before, Iterator<Map.Entry<RowKey, byte[]>> sorted)
      throws IOException {
    RowTally tally =
        new RowTally(before.state().rowCount(), before.state().digest(), before.payloadBytes());
    DB db = MapDbFormat.openToWrite(file);
    try {
      BTreeMap<byte[], byte[]> map = MapDbFormat.openRows(db);
      while (sorted.hasNext()) {
        change(file, map, sorted.next(), tally);
        count();
      }
      db.commit();
    } finally {
      db.close();
    }
    return tally;
  }

  private static void change(
      Path file, BTreeMap<byte[], byte[]> map, Map.Entry<RowKey, byte[]> change, RowTally tally)
      throws IOException {
    byte[] key = change.getKey().bytes();
    boolean removal = Memtable.isRemoved(change.getValue());
    byte[] old =
        removal ? map.remove(key) : map.put(key, MapDbFormat.encode(key, change.getValue()));
    if (old != null) {
      tally.remove(change.getKey(), MapDbFormat.decode(file, key, old));
    }
    if (!removal) {
      tally.add(change.getKey(), change.getValue());
    }
  }

  private void count() throws IOException {
    if (++rows % ROWS_PER_PAUSE == 0) {
      pause.pause();
    }
  }
}
