package skarb.node.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.mapdb.BTreeMap;
import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.Serializer;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;

/// What is inside a data file: one `BTreeMap` named `rows`, key to stored value.
///
/// ```
///   0                 n       n + 4
///   +-----------------+--------+
///   | value           | CRC-32C|
///   +-----------------+--------+
/// ```
///
/// The CRC covers the key and the value: a row that decays after the file as a whole was verified
/// is found when it is read.
///
/// MapDB is used without its transactions, its log and its locks; never with
/// `checksumHeaderBypass`. Measured with 500,000 rows of 245 bytes: nodes of 16 entries (against 8)
/// load 1.7 times and change 2.4 times as fast and read as fast; delta-coded keys save a seventh of
/// the file and change 1.8 times slower; a mapped file changes four and reads three times as fast
/// as one behind a channel.
final class MapDbFormat {
  private static final String MAP = "rows";
  private static final int NODE_ENTRIES = 16;
  private static final int CRC_BYTES = Integer.BYTES;
  private static final long INCREMENT_BYTES = 2 << 20;

  private MapDbFormat() {}

  /// Opens a file for one thread to write.
  static DB openToWrite(Path file) {
    return DBMaker.fileDB(file.toFile())
        .fileMmapEnable()
        .fileMmapPreclearDisable() // fresh pages of a file are zero
        .cleanerHackEnable() // else the mapping outlives close()
        .fileLockDisable() // the data directory's lock holds
        .concurrencyDisable()
        .allocateIncrement(INCREMENT_BYTES)
        .make();
  }

  /// Opens a mapped file for any thread to read.
  static DB openToRead(MapDbVolume volume) {
    return DBMaker.volumeDB(volume, true).readOnly().make();
  }

  /// The map's maker, to create or to open it.
  static DB.TreeMapMaker<byte[], byte[]> rows(DB db) {
    return db.treeMap(MAP)
        .keySerializer(Serializer.BYTE_ARRAY)
        .valueSerializer(Serializer.BYTE_ARRAY)
        .maxNodeSize(NODE_ENTRIES);
  }

  static BTreeMap<byte[], byte[]> openRows(DB db) {
    return rows(db).open();
  }

  static byte[] encode(byte[] key, byte[] value) {
    byte[] stored = Arrays.copyOf(value, value.length + CRC_BYTES);
    ByteBuffer.wrap(stored).putInt(value.length, crc(key, stored));
    return stored;
  }

  /// The value of a stored one.
  ///
  /// @param file named in errors
  static byte[] decode(Path file, byte[] key, byte[] stored) throws IOException {
    if (stored.length < CRC_BYTES) {
      throw damaged(file, key, "a value with its checksum", stored.length + " bytes");
    }
    int expected = ByteBuffer.wrap(stored).getInt(stored.length - CRC_BYTES);
    int found = crc(key, stored);
    if (expected != found) {
      throw damaged(file, key, "CRC-32C " + Checksums.hex(expected), Checksums.hex(found));
    }
    return Arrays.copyOf(stored, stored.length - CRC_BYTES);
  }

  /// Bytes of the value in a stored one.
  static int valueLength(byte[] stored) {
    return stored.length - CRC_BYTES;
  }

  static CorruptFileException damaged(Path file, byte[] key, String expected, String found) {
    String row = new RowKey(key).toString();
    return new CorruptFileException(file, 0, expected + " in row " + row, found);
  }

  private static int crc(byte[] key, byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(stored, 0, stored.length - CRC_BYTES);
    return (int) crc.getValue();
  }
}
