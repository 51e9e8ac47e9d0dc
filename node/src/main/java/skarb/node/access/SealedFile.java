package skarb.node.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.FormatVersions;
import skarb.node.disk.WholeFile;

/// A small file of secrets that this node alone can read, written whole or not at all.
///
/// ```
///   0        4         6      8        12
///   +--------+---------+------+--------+-------------------+---------------+
///   | magic  | version | 0    | length | sealed, `length`  | CRC-32C of    |
///   |        | = 1     |      |        | bytes ([NodeBox]) | all before it |
///   +--------+---------+------+--------+-------------------+---------------+
/// ```
///
/// Numbers are big-endian. What is sealed is the affair of the file's kind, which its magic names.
/// Version 1: the first.
public final class SealedFile {
  private static final short VERSION = 1;
  private static final int OFFSET_VERSION = 4;
  private static final int OFFSET_LENGTH = 8;
  private static final int OFFSET_SEALED = 12;

  private final Path path;
  private final int magic;
  private final NodeBox box;

  /// @param magic names the kind of file
  /// @param box seals and opens its content
  public SealedFile(Path path, int magic, NodeBox box) {
    this.path = path;
    this.magic = magic;
    this.box = box;
  }

  /// Where it lies.
  public Path path() {
    return path;
  }

  /// Writes it, or replaces it: durable when this returns.
  public void write(byte[] plain) throws IOException {
    byte[] sealed = box.seal(plain);
    ByteBuffer bytes = ByteBuffer.allocate(OFFSET_SEALED + sealed.length + Integer.BYTES);
    bytes.putInt(magic).putShort(VERSION).putShort((short) 0).putInt(sealed.length).put(sealed);
    bytes.putInt(crc(bytes.array()));
    WholeFile.writeSecret(path, bytes.array());
  }

  /// Its content; empty where there is no such file.
  ///
  /// @throws CorruptFileException if it is damaged
  /// @throws KeyFileException if it does not open with this node's key, or everybody may read it
  public Optional<byte[]> read() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    byte[] bytes = SecretFile.read(path);
    if (bytes.length < OFFSET_SEALED + Integer.BYTES) {
      throw new CorruptFileException(path, 0, "a sealed file", bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(0) != magic) {
      throw new CorruptFileException(path, 0, "magic " + hex(magic), hex(buffer.getInt(0)));
    }
    int expected = buffer.getInt(bytes.length - Integer.BYTES);
    int found = crc(bytes);
    if (expected != found) {
      throw new CorruptFileException(
          path, bytes.length - Integer.BYTES, "CRC-32C " + hex(expected), hex(found));
    }
    FormatVersions.check(path, OFFSET_VERSION, buffer.getShort(OFFSET_VERSION), VERSION, VERSION);
    int length = buffer.getInt(OFFSET_LENGTH);
    if (length != bytes.length - OFFSET_SEALED - Integer.BYTES) {
      throw new CorruptFileException(
          path, OFFSET_LENGTH, "the length of what is sealed", Integer.toString(length));
    }
    byte[] sealed = Arrays.copyOfRange(bytes, OFFSET_SEALED, OFFSET_SEALED + length);
    Optional<byte[]> plain = box.open(sealed);
    if (plain.isEmpty()) {
      throw new KeyFileException(
          path,
          "does not open with "
              + NodeKey.FILE_NAME
              + ": the two files are of different stores; restore both from one backup");
    }
    return plain;
  }

  /// Removes it, durably.
  public void delete() throws IOException {
    Files.deleteIfExists(path);
    Path parent = path.getParent();
    if (parent != null) {
      DirectorySync.force(parent);
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - Integer.BYTES);
    return (int) crc.getValue();
  }

  private static String hex(int value) {
    return HexFormat.of().toHexDigits(value);
  }
}
