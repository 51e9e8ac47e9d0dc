package skarb.node.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FormatVersions;
import skarb.node.disk.WholeFile;

/// The keys of the realm: numbered AES-256 keys that seal the secrets in entries, shared by all
/// sites of a realm. They lie in the file `realm-keys`, each wrapped under the node's key. Secrets
/// are sealed under the one with the highest number; the others open what was sealed before.
///
/// ```
///   0        4         6       8
///   +--------+---------+-------+------------------------------------+---------------+
///   | "SkRk" | version | count | count times: number (4), nonce     | CRC-32C of    |
///   |        | = 1     |       | (12), wrapped key and tag (48)     | all before it |
///   +--------+---------+-------+------------------------------------+---------------+
/// ```
///
/// Numbers are big-endian, keys in the order of their numbers, from 1. A key is wrapped by
/// AES-256-GCM under the key derived from the node's for `skarb/realm-keys`; the associated data is
/// the UTF-8 of `skarb/realm-key/` and its number in decimal, so that none stands in for another.
/// Version 1: the first.
///
/// Immutable; its text shows nothing of the keys.
public final class RealmKeys {
  static final String FILE_NAME = "realm-keys";

  private static final int MAGIC = 0x536b526b; // SkRk
  private static final short VERSION = 1;
  private static final int OFFSET_VERSION = 4;
  private static final int OFFSET_COUNT = 6;
  private static final int OFFSET_KEYS = 8;
  private static final int WRAPPED_BYTES = NodeKey.KEY_BYTES + Aead.TAG_BYTES;
  private static final int ITEM_BYTES = Integer.BYTES + Aead.NONCE_BYTES + WRAPPED_BYTES;
  private static final String WRAP_USE = "skarb/realm-keys";

  private final NavigableMap<Integer, byte[]> keys;

  private RealmKeys(NavigableMap<Integer, byte[]> keys) {
    this.keys = keys;
  }

  /// A realm of its own, with key 1.
  static RealmKeys create(RandomGenerator random) {
    byte[] key = new byte[NodeKey.KEY_BYTES];
    random.nextBytes(key);
    return new RealmKeys(new TreeMap<>(Map.of(1, key)));
  }

  /// Reads the file.
  ///
  /// @throws CorruptFileException if it is damaged
  /// @throws KeyFileException if it is not wrapped under this node's key, or everybody may read it
  static RealmKeys read(Path file, NodeKey nodeKey) throws IOException {
    return decode(SecretFile.read(file), file, nodeKey);
  }

  void write(Path file, NodeKey nodeKey, RandomGenerator random) throws IOException {
    WholeFile.writeSecret(file, encode(nodeKey, random));
  }

  byte[] encode(NodeKey nodeKey, RandomGenerator random) {
    byte[] wrapping = nodeKey.derive(WRAP_USE);
    ByteBuffer bytes = ByteBuffer.allocate(fileBytes(keys.size()));
    bytes.putInt(MAGIC).putShort(VERSION).putShort((short) keys.size());
    keys.forEach((number, key) -> {
      byte[] nonce = Aead.newNonce(random);
      bytes.putInt(number).put(nonce).put(Aead.seal(wrapping, nonce, associated(number), key));
    });
    bytes.putInt(crc(bytes.array()));
    return bytes.array();
  }

  static RealmKeys decode(byte[] bytes, Path file, NodeKey nodeKey) throws IOException {
    if (bytes.length < fileBytes(1)) {
      throw new CorruptFileException(
          file, 0, "realm keys of " + fileBytes(1) + " bytes or more", bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (buffer.getInt(0) != MAGIC) {
      throw new CorruptFileException(file, 0, "the magic of realm keys", hex(buffer.getInt(0)));
    }
    int found = crc(bytes);
    int expected = buffer.getInt(bytes.length - Integer.BYTES);
    if (expected != found) {
      throw new CorruptFileException(
          file, bytes.length - Integer.BYTES, "CRC-32C " + hex(expected), hex(found));
    }
    FormatVersions.check(file, OFFSET_VERSION, buffer.getShort(OFFSET_VERSION), VERSION, VERSION);
    int count = Short.toUnsignedInt(buffer.getShort(OFFSET_COUNT));
    if (bytes.length != fileBytes(count)) {
      throw new CorruptFileException(
          file, OFFSET_COUNT, count + " keys", bytes.length + " bytes in all");
    }
    return unwrap(buffer.position(OFFSET_KEYS), count, file, nodeKey);
  }

  private static RealmKeys unwrap(ByteBuffer buffer, int count, Path file, NodeKey nodeKey)
      throws IOException {
    byte[] wrapping = nodeKey.derive(WRAP_USE);
    TreeMap<Integer, byte[]> keys = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int number = buffer.getInt();
      byte[] nonce = new byte[Aead.NONCE_BYTES];
      byte[] wrapped = new byte[WRAPPED_BYTES];
      buffer.get(nonce).get(wrapped);
      Optional<byte[]> key = Aead.open(wrapping, nonce, associated(number), wrapped);
      if (key.isEmpty()) {
        throw new KeyFileException(
            file,
            "does not open with "
                + NodeKey.FILE_NAME
                + ": the two files are of different stores; restore both from one backup");
      }
      keys.put(number, key.get());
    }
    return new RealmKeys(keys);
  }

  /// The number of the key that seals.
  int current() {
    return keys.lastKey();
  }

  /// Names the realm to its sites, and says nothing about its keys: 16 bytes of a SHA-256 over the
  /// first one.
  byte[] realmId() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("skarb/realm-id".getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(sha256.digest(keys.firstEntry().getValue()), 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// A key by its number.
  Optional<byte[]> find(int number) {
    return Optional.ofNullable(keys.get(number));
  }

  private static int fileBytes(int count) {
    return OFFSET_KEYS + count * ITEM_BYTES + Integer.BYTES;
  }

  private static String associated(int number) {
    return "skarb/realm-key/" + number;
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - Integer.BYTES);
    return (int) crc.getValue();
  }

  private static String hex(int value) {
    return HexFormat.of().toHexDigits(value);
  }

  @Override
  public String toString() {
    return "RealmKeys[" + keys.size() + " hidden]";
  }
}
