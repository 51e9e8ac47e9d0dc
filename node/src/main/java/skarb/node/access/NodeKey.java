package skarb.node.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FormatVersions;
import skarb.node.disk.WholeFile;

/// The node's own key: 32 random bytes in the file `node.key`, made once, with the store. It never
/// leaves the machine. What is sealed is sealed under keys derived from it, one for each use.
///
/// ```
///   0        4         6      8                    40
///   +--------+---------+------+--------------------+---------------+
///   | "SkNk" | version | 0    | key, 32 bytes      | CRC-32C of    |
///   |        | = 1     |      |                    | all before it |
///   +--------+---------+------+--------------------+---------------+
/// ```
///
/// Numbers are big-endian. Version 1: the first. Immutable; its text shows nothing of it.
public final class NodeKey {
  static final String FILE_NAME = "node.key";
  static final int KEY_BYTES = 32;

  private static final int MAGIC = 0x536b4e6b; // SkNk
  private static final short VERSION = 1;
  private static final int OFFSET_VERSION = 4;
  private static final int OFFSET_KEY = 8;
  private static final int OFFSET_CRC = OFFSET_KEY + KEY_BYTES;
  private static final int FILE_BYTES = OFFSET_CRC + Integer.BYTES;

  private final byte[] key;

  private NodeKey(byte[] key) {
    this.key = key;
  }

  /// A key that was never used.
  static NodeKey create(RandomGenerator random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new NodeKey(key);
  }

  /// Reads the file.
  ///
  /// @throws CorruptFileException if it is damaged
  /// @throws KeyFileException if everybody may read it
  static NodeKey read(Path file) throws IOException {
    return decode(SecretFile.read(file), file);
  }

  void write(Path file) throws IOException {
    WholeFile.writeSecret(file, encode());
  }

  static boolean exists(Path directory) {
    return Files.exists(directory.resolve(FILE_NAME));
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES);
    bytes.putInt(MAGIC).putShort(VERSION).putShort((short) 0).put(key);
    bytes.putInt(crc(bytes.array()));
    return bytes.array();
  }

  static NodeKey decode(byte[] bytes, Path file) throws IOException {
    if (bytes.length != FILE_BYTES) {
      throw new CorruptFileException(
          file, 0, "a node key of " + FILE_BYTES + " bytes", bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(0) != MAGIC) {
      throw new CorruptFileException(file, 0, "a node key's magic " + hex(MAGIC), "something else");
    }
    if (buffer.getInt(OFFSET_CRC) != crc(bytes)) { // the values would tell about the key
      throw new CorruptFileException(file, OFFSET_CRC, "a CRC-32C that matches", "another");
    }
    FormatVersions.check(file, OFFSET_VERSION, buffer.getShort(OFFSET_VERSION), VERSION, VERSION);
    byte[] key = new byte[KEY_BYTES];
    buffer.get(OFFSET_KEY, key);
    return new NodeKey(key);
  }

  /// A key of 32 bytes for one use: HMAC-SHA256 of its name.
  byte[] derive(String use) {
    return Hmac.sha256(key, use);
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, OFFSET_CRC);
    return (int) crc.getValue();
  }

  private static String hex(int value) {
    return HexFormat.of().toHexDigits(value);
  }

  @Override
  public String toString() {
    return "NodeKey[hidden]";
  }
}
