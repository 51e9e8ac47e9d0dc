package skarb.node.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
/// Every realm counts from 1. A site that joins another realm takes that one's keys with their
/// numbers, and keeps its own as *former* ones: they seal nothing any more and open what this site
/// sealed before it joined. A number alone may then mean two keys; which one it was, the seal
/// itself tells, since AES-GCM opens under no other. The realm's own is tried first.
///
/// ```
///   0        4         6       8
///   +--------+---------+-------+------------------------------------+---------------+
///   | "SkRk" | version | count | count times: number (4), nonce     | CRC-32C of    |
///   |        | = 1, 2  |       | (12), wrapped key and tag (48)     | all before it |
///   +--------+---------+-------+------------------------------------+---------------+
/// ```
///
/// Numbers are big-endian, keys in the order of their numbers, from 1. A key is wrapped by
/// AES-256-GCM under the key derived from the node's for `skarb/realm-keys`; the associated data is
/// the UTF-8 of `skarb/realm-key/` and its number in decimal, so that none stands in for another.
/// Version 1: the first. Version 2, written where there are former keys: the realm's keys are
/// followed by a count (2) of former ones, and these, each as the others with the associated data
/// `skarb/former-realm-key/` and its number; the latest former ones come first.
///
/// Immutable; its text shows nothing of the keys.
public final class RealmKeys {
  static final String FILE_NAME = "realm-keys";

  private static final int MAGIC = 0x536b526b; // SkRk
  private static final short VERSION = 1;
  private static final short VERSION_FORMER = 2;
  private static final int OFFSET_VERSION = 4;
  private static final int OFFSET_COUNT = 6;
  private static final int OFFSET_KEYS = 8;
  private static final int WRAPPED_BYTES = NodeKey.KEY_BYTES + Aead.TAG_BYTES;
  private static final int ITEM_BYTES = Integer.BYTES + Aead.NONCE_BYTES + WRAPPED_BYTES;
  private static final String WRAP_USE = "skarb/realm-keys";

  private final NavigableMap<Integer, byte[]> keys;
  private final List<Former> former;

  private RealmKeys(NavigableMap<Integer, byte[]> keys, List<Former> former) {
    this.keys = keys;
    this.former = List.copyOf(former);
  }

  /// A key of a realm that this site was before it joined the present one.
  private record Former(int number, byte[] key) {
    @Override
    public String toString() {
      return "Former[" + number + "]";
    }
  }

  /// A realm of its own, with key 1.
  static RealmKeys create(RandomGenerator random) {
    byte[] key = new byte[NodeKey.KEY_BYTES];
    random.nextBytes(key);
    return new RealmKeys(new TreeMap<>(Map.of(1, key)), List.of());
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
    ByteBuffer bytes =
        ByteBuffer.allocate(
            former.isEmpty() ? fileBytes(keys.size()) : fileBytes(keys.size(), former.size()));
    bytes
        .putInt(MAGIC)
        .putShort(former.isEmpty() ? VERSION : VERSION_FORMER)
        .putShort((short) keys.size());
    keys.forEach((number, key) -> {
      byte[] nonce = Aead.newNonce(random);
      bytes.putInt(number).put(nonce).put(Aead.seal(wrapping, nonce, associated(number), key));
    });
    if (!former.isEmpty()) {
      bytes.putShort((short) former.size());
    }
    for (Former each : former) {
      byte[] nonce = Aead.newNonce(random);
      bytes
          .putInt(each.number())
          .put(nonce)
          .put(Aead.seal(wrapping, nonce, associatedFormer(each.number()), each.key()));
    }
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
    short version = buffer.getShort(OFFSET_VERSION);
    FormatVersions.check(file, OFFSET_VERSION, version, VERSION, VERSION_FORMER);
    int count = Short.toUnsignedInt(buffer.getShort(OFFSET_COUNT));
    int formerAt = OFFSET_KEYS + count * ITEM_BYTES;
    int formerCount =
        version == VERSION_FORMER && bytes.length >= formerAt + Short.BYTES
            ? Short.toUnsignedInt(buffer.getShort(formerAt))
            : 0;
    int expectedBytes =
        version == VERSION_FORMER ? fileBytes(count, formerCount) : fileBytes(count);
    if (bytes.length != expectedBytes) {
      throw new CorruptFileException(
          file,
          OFFSET_COUNT,
          count + " keys and " + formerCount + " former ones",
          bytes.length + " bytes in all");
    }
    byte[] wrapping = nodeKey.derive(WRAP_USE);
    TreeMap<Integer, byte[]> keys = new TreeMap<>();
    buffer.position(OFFSET_KEYS);
    for (int i = 0; i < count; i++) {
      int number = buffer.getInt();
      keys.put(number, unwrap(buffer, wrapping, associated(number), file));
    }
    List<Former> former = new ArrayList<>();
    if (version == VERSION_FORMER) {
      buffer.position(formerAt + Short.BYTES);
    }
    for (int i = 0; i < formerCount; i++) {
      int number = buffer.getInt();
      former.add(new Former(number, unwrap(buffer, wrapping, associatedFormer(number), file)));
    }
    return new RealmKeys(keys, former);
  }

  private static byte[] unwrap(ByteBuffer buffer, byte[] wrapping, String associated, Path file)
      throws IOException {
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    byte[] wrapped = new byte[WRAPPED_BYTES];
    buffer.get(nonce).get(wrapped);
    return Aead.open(wrapping, nonce, associated, wrapped)
        .orElseThrow(() ->
            new KeyFileException(
                file,
                "does not open with "
                    + NodeKey.FILE_NAME
                    + ": the two files are of different stores; restore both from one backup"));
  }

  /// What a site has that joins the realm with these keys, its own being the present ones.
  ///
  /// @param realm the other realm's keys by their numbers
  /// @throws IllegalArgumentException if they are no keys
  RealmKeys joined(Map<Integer, byte[]> realm) {
    if (realm.isEmpty()
        || realm.values().stream().anyMatch(key -> key.length != NodeKey.KEY_BYTES)
        || realm.keySet().stream().anyMatch(number -> number < 1)) {
      throw new IllegalArgumentException("a realm has keys of 32 bytes, numbered from 1");
    }
    List<Former> all = new ArrayList<>();
    keys.forEach((number, key) -> all.add(new Former(number, key)));
    all.addAll(former);
    return new RealmKeys(new TreeMap<>(realm), all);
  }

  /// The realm's keys by their numbers: for a site that joins, and for nobody else.
  NavigableMap<Integer, byte[]> numbered() {
    TreeMap<Integer, byte[]> copy = new TreeMap<>();
    keys.forEach((number, key) -> copy.put(number, key.clone()));
    return copy;
  }

  /// The keys of former realms that had a number.
  List<byte[]> former(int number) {
    return former.stream().filter(each -> each.number() == number).map(Former::key).toList();
  }

  boolean hasFormer() {
    return !former.isEmpty();
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

  private static int fileBytes(int count, int formerCount) {
    return fileBytes(count) + Short.BYTES + formerCount * ITEM_BYTES;
  }

  private static String associatedFormer(int number) {
    return "skarb/former-realm-key/" + number;
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
