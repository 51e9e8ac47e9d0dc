package skarb.node.index;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.v1.Row;

/// The keys of the rows, byte by byte. They are compared as unsigned bytes; numbers are big-endian.
///
/// | first byte | then | value | what |
/// | --- | --- | --- | --- |
/// | `01` | origin (8) | `OriginHead` | how far an origin is logged here, and the end of its chain |
/// | `02` | origin (8), sequence (8) | `SeenVector` | an origin's running vector since that entry |
/// | `03` | origin (8) | `Row` | an origin's birth |
/// | `04` | origin (8), sequence (8) | `PendingRow` | an entry that is logged and cannot act yet |
/// | `05` | site (4) | `Row` | a member of the realm |
/// | `06` | | empty | derived: the realm has, or had, members |
/// | `07` | origin (8), sequence (8) | `WantedRow` | bodies of an entry that are not wholly here |
/// | `08` | hlc (8), origin (8), key of a row | empty | derived, where `06` is: a row that says that something is gone, by its stamp |
/// | `09` | key of a row | empty | derived: a row that keeps a body which lost unseen and is not settled: `KeptConflicts` |
/// | `0A` | store (16) | `PeerPositionRow` | up to where a peer's journal is logged here |
/// | `10` | user id | `Row` | a user |
/// | `11` | access key id | `Row` | an access key; a deleted one holds `Absent` |
/// | `20` | incarnation (16) | `Row` | a bucket's creation |
/// | `21` | incarnation (16) | `Row` | a bucket's deletion |
/// | `22` | incarnation (16), setting (4) | `Row` | a setting of a bucket, by its field number in `BucketSetting` |
/// | `23` | *name*, state (1), hlc (8), incarnation (16) | empty, or a key of a row | derived: a name's incarnations that live, the lowest stamp first; state `00` never deleted, `01` deleted and kept alive by that row |
/// | `24` | *owner id*, *name*, hlc (8), incarnation (16) | empty | derived: an owner's buckets by the names they go by |
/// | `30` | incarnation (16), *key*, hlc (8), origin (8) | `UploadRow` | an open upload; those of a key in the order of their opening |
/// | `31` | hlc (8), origin (8), number (4) | `PartRow` | a part of an open upload |
/// | `31` | hlc (8), origin (8), `FF FF FF FF` | `PartsRevision` | when its parts changed last |
/// | `32` | hlc (8), origin (8) | `CompletedUploadRow` | what is remembered of a completed upload |
/// | `33` | milliseconds (8), hlc (8), origin (8) | empty | derived: completed uploads in the order of their completion |
/// | `40` | incarnation (16), *key*, `10` | `Row` | a key's null version |
/// | `40` | incarnation (16), *key*, `18`, ~hlc (8), ~origin (8), `10` | `Row` | a body that lost unseen, named by its order, is settled |
/// | `40` | incarnation (16), *key*, `18`, ~hlc (8), ~origin (8), `20` | `Row` | such a body |
/// | `40` | incarnation (16), *key*, `20`, ~hlc (8), ~origin (8), `10` | `Row` | the tombstone of a version |
/// | `40` | incarnation (16), *key*, `20`, ~hlc (8), ~origin (8), `20` | `Row` | a version; the newest first, since stamp and origin are inverted |
///
/// An incarnation is a dot: origin (8), sequence (8). What is in *slanted* type is escaped: a byte
/// `00` becomes `00 FF`, and `00 01` ends it. So no escaped text is the beginning of another, and
/// their order is the order of the texts themselves: S3's order for keys. All rows of a key lie
/// together, and what judges a version stands right before it. `UploadKeys` makes those of uploads
/// (`30` to `33`). The gaps in the last bytes are kept for what is keyed by a version later (hold,
/// retention, kept conflicts).
public final class IndexKeys {
  private static final byte ORIGIN_HEAD = 0x01;
  private static final byte SEEN_VECTOR = 0x02;
  private static final byte BORN = 0x03;
  private static final byte PENDING = 0x04;
  private static final byte MEMBER = 0x05;
  private static final byte REALM = 0x06;
  private static final byte WANTED = 0x07;
  private static final byte GRAVE = 0x08;
  private static final byte PEER_POSITION = 0x0a;
  private static final byte USER = 0x10;
  private static final byte ACCESS_KEY = 0x11;
  private static final byte BUCKET = 0x20;
  private static final byte BUCKET_DELETED = 0x21;
  private static final byte BUCKET_SETTING = 0x22;
  private static final byte BUCKET_NAME = 0x23;
  private static final byte BUCKET_OWNER = 0x24;
  private static final byte UPLOAD = 0x30;
  private static final byte OBJECT = 0x40;

  private static final byte NEVER_DELETED = 0x00;
  private static final byte REVIVED = 0x01;

  private static final byte NULL = 0x10;
  private static final byte CONFLICTING = 0x18;
  private static final byte VERSIONED = 0x20;
  private static final byte TOMBSTONE = 0x10;
  private static final byte VERSION = 0x20;

  private static final byte ESCAPED = 0x00;
  private static final byte ESCAPED_ZERO = (byte) 0xff;
  private static final byte ESCAPED_END = 0x01;

  private static final int DOT_BYTES = 16;
  private static final int OBJECT_KEY_AT = 1 + DOT_BYTES;
  private static final int VERSION_TAIL = 1 + 16 + 1;

  private IndexKeys() {}

  /// The smallest key above another.
  public static RowKey after(RowKey key) {
    return new RowKey(Arrays.copyOf(key.bytes(), key.bytes().length + 1));
  }

  /// An origin's head.
  public static RowKey originHead(OriginId origin) {
    return new Builder(9).put(ORIGIN_HEAD).put(origin.value()).key();
  }

  /// All origins' heads, in order of the origins.
  public static KeyRange originHeads() {
    return startingWith(new Builder(1).put(ORIGIN_HEAD));
  }

  /// An origin's running vector as an entry of it had changed it.
  public static RowKey seenVector(OriginId origin, long since) {
    return new Builder(17).put(SEEN_VECTOR).put(origin.value()).put(since).key();
  }

  /// An origin's birth.
  public static RowKey born(OriginId origin) {
    return new Builder(9).put(BORN).put(origin.value()).key();
  }

  /// An entry that is logged and cannot act yet.
  public static RowKey pending(EntryDot entry) {
    return new Builder(17).put(PENDING).put(entry).key();
  }

  /// All entries that cannot act yet, in order of their dots.
  public static KeyRange pending() {
    return startingWith(new Builder(1).put(PENDING));
  }

  /// A member of the realm.
  public static RowKey member(SiteId site) {
    return new Builder(5).put(MEMBER).put(site.value()).key();
  }

  /// All members, those that left too, in order of their ids.
  public static KeyRange members() {
    return startingWith(new Builder(1).put(MEMBER));
  }

  /// That the realm has, or had, members.
  public static RowKey realm() {
    return new Builder(1).put(REALM).key();
  }

  /// Bodies of an entry that are not wholly here.
  public static RowKey wanted(EntryDot entry) {
    return new Builder(17).put(WANTED).put(entry).key();
  }

  /// All bodies that are not wholly here, in order of their entries' dots.
  public static KeyRange wanted() {
    return startingWith(new Builder(1).put(WANTED));
  }

  /// Up to where a peer's journal is logged here.
  ///
  /// @param store names the journal
  public static RowKey peerPosition(ByteString store) {
    return new Builder(17).put(PEER_POSITION).put(store).key();
  }

  /// The same of all peers.
  public static KeyRange peerPositions() {
    return startingWith(new Builder(1).put(PEER_POSITION));
  }

  /// The journal in the key of a peer's position.
  static ByteString parseStore(RowKey row) {
    return ByteString.copyFrom(row.bytes(), 1, row.bytes().length - 1);
  }

  /// That a row says that something is gone.
  public static RowKey grave(EntryOrder order, RowKey row) {
    return new Builder(17 + row.bytes().length)
        .put(GRAVE)
        .put(order.hlc().value())
        .put(order.origin().value())
        .put(row)
        .key();
  }

  /// All rows that say that something is gone, the oldest first.
  public static KeyRange graves() {
    return startingWith(new Builder(1).put(GRAVE));
  }

  /// A user.
  public static RowKey user(String userId) {
    return new Builder(64).put(USER).put(userId).key();
  }

  /// All users, in byte order of their ids.
  public static KeyRange users() {
    return startingWith(new Builder(1).put(USER));
  }

  /// An access key.
  public static RowKey accessKey(String accessKeyId) {
    return new Builder(32).put(ACCESS_KEY).put(accessKeyId).key();
  }

  /// All access keys, deleted ones too, in byte order of their ids.
  public static KeyRange accessKeys() {
    return startingWith(new Builder(1).put(ACCESS_KEY));
  }

  /// A bucket's creation.
  public static RowKey bucket(EntryDot incarnation) {
    return new Builder(17).put(BUCKET).put(incarnation).key();
  }

  /// All buckets' creations, in order of their incarnations.
  public static KeyRange buckets() {
    return startingWith(new Builder(1).put(BUCKET));
  }

  /// A bucket's deletion.
  public static RowKey bucketDeleted(EntryDot incarnation) {
    return new Builder(17).put(BUCKET_DELETED).put(incarnation).key();
  }

  /// A setting of a bucket, by its field number in `BucketSetting`.
  public static RowKey bucketSetting(EntryDot incarnation, int setting) {
    return new Builder(21).put(BUCKET_SETTING).put(incarnation).put(setting).key();
  }

  /// All settings of a bucket, in order of their numbers.
  public static KeyRange bucketSettings(EntryDot incarnation) {
    return startingWith(new Builder(17).put(BUCKET_SETTING).put(incarnation));
  }

  /// That an incarnation lives and bears a name.
  ///
  /// @param bucket the row of its creation
  /// @param revived whether it lives though it was deleted
  static RowKey bucketName(Row bucket, boolean revived, EntryDot incarnation) {
    return new Builder(64)
        .put(BUCKET_NAME)
        .putEscaped(bucket.getBucket().getName())
        .put(revived ? REVIVED : NEVER_DELETED)
        .put(bucket.getHlc())
        .put(incarnation)
        .key();
  }

  /// The incarnations with a name that live: those that were never deleted first, of each kind the
  /// lowest stamp first.
  public static KeyRange livingWithName(String name) {
    return startingWith(new Builder(64).put(BUCKET_NAME).putEscaped(name));
  }

  /// Whether a name's row is of an incarnation that lives though it was deleted.
  static boolean isOfRevived(RowKey nameRow) {
    byte[] bytes = nameRow.bytes();
    return bytes[bytes.length - DOT_BYTES - Long.BYTES - 1] == REVIVED;
  }

  /// That an owner has a bucket.
  ///
  /// @param name the one it goes by
  public static RowKey bucketOwner(String ownerId, String name, Hlc created, EntryDot incarnation) {
    return new Builder(128)
        .put(BUCKET_OWNER)
        .putEscaped(ownerId)
        .putEscaped(name)
        .put(created.value())
        .put(incarnation)
        .key();
  }

  /// An owner's buckets whose names begin with a prefix, in byte order of the names.
  public static KeyRange bucketsOfOwner(String ownerId, String namePrefix) {
    return startingWith(
        new Builder(128)
            .put(BUCKET_OWNER)
            .putEscaped(ownerId)
            .putEscapedPrefix(ByteString.copyFromUtf8(namePrefix)));
  }

  /// Past all buckets of an owner with this name or a lower one.
  public static RowKey pastBucketOfOwner(String ownerId, String name) {
    return startingWith(new Builder(128).put(BUCKET_OWNER).putEscaped(ownerId).putEscaped(name))
        .to();
  }

  /// The incarnation at the end of a name's or an owner's row.
  public static EntryDot incarnationAtEnd(RowKey key) {
    ByteBuffer bytes = ByteBuffer.wrap(key.bytes());
    bytes.position(bytes.limit() - DOT_BYTES);
    return new EntryDot(new OriginId(bytes.getLong()), bytes.getLong());
  }

  /// A key's null version.
  public static RowKey nullVersion(EntryDot incarnation, ByteString key) {
    return objectKey(incarnation, key).put(NULL).key();
  }

  /// A version of a key.
  public static RowKey version(EntryDot incarnation, ByteString key, EntryOrder version) {
    return versioned(incarnation, key, version).put(VERSION).key();
  }

  /// The tombstone of a version of a key.
  public static RowKey tombstone(EntryDot incarnation, ByteString key, EntryOrder version) {
    return versioned(incarnation, key, version).put(TOMBSTONE).key();
  }

  /// A body that lost unseen.
  ///
  /// @param loser its order
  public static RowKey conflict(EntryDot incarnation, ByteString key, EntryOrder loser) {
    return conflicting(incarnation, key, loser).put(VERSION).key();
  }

  /// That a body that lost unseen is settled.
  ///
  /// @param loser its order
  public static RowKey conflictResolved(EntryDot incarnation, ByteString key, EntryOrder loser) {
    return conflicting(incarnation, key, loser).put(TOMBSTONE).key();
  }

  /// All kept and settled conflicts of a key, the newest first, what settles one before it.
  public static KeyRange conflictsOfKey(EntryDot incarnation, ByteString key) {
    return startingWith(objectKey(incarnation, key).put(CONFLICTING));
  }

  /// All rows of a key: its null version, then the others, the newest first, each with what judges
  /// it before it.
  public static KeyRange rowsOfKey(EntryDot incarnation, ByteString key) {
    return startingWith(objectKey(incarnation, key));
  }

  /// All rows of keys that begin with a prefix, in byte order of the keys.
  public static KeyRange rowsOfPrefix(EntryDot incarnation, ByteString prefix) {
    return startingWith(
        new Builder(OBJECT_KEY_AT + prefix.size() + 4)
            .put(OBJECT)
            .put(incarnation)
            .putEscapedPrefix(prefix));
  }

  /// What a row of an object says, from its key.
  ///
  /// @throws IllegalArgumentException for a key that is not of that form
  static ObjectRowKey parseObject(RowKey row) {
    byte[] bytes = row.bytes();
    ByteString.Output key = ByteString.newOutput(bytes.length);
    int at = OBJECT_KEY_AT;
    if (bytes.length <= at || bytes[0] != OBJECT) {
      throw new IllegalArgumentException("not the row of an object: " + row);
    }
    int run = at;
    while (true) {
      while (at < bytes.length && bytes[at] != ESCAPED) {
        at++;
      }
      if (at + 2 >= bytes.length) {
        throw new IllegalArgumentException("a key without end: " + row);
      }
      key.write(bytes, run, at - run);
      if (bytes[at + 1] == ESCAPED_END) {
        break;
      }
      key.write(0);
      at += 2;
      run = at;
    }
    return parseTail(row, key.toByteString(), at + 2);
  }

  private static ObjectRowKey parseTail(RowKey row, ByteString key, int at) {
    byte[] bytes = row.bytes();
    if (bytes[at] == NULL && at + 1 == bytes.length) {
      return new ObjectRowKey.Null(key);
    }
    if ((bytes[at] != VERSIONED && bytes[at] != CONFLICTING) || at + VERSION_TAIL != bytes.length) {
      throw new IllegalArgumentException("not the row of an object: " + row);
    }
    ByteBuffer stamp = ByteBuffer.wrap(bytes, at + 1, 16);
    EntryOrder version = new EntryOrder(new Hlc(~stamp.getLong()), new OriginId(~stamp.getLong()));
    byte register = bytes[bytes.length - 1];
    if (bytes[at] == CONFLICTING) {
      return new ObjectRowKey.Conflict(key, version, register == TOMBSTONE);
    }
    if (register == VERSION) {
      return new ObjectRowKey.Version(key, version);
    }
    if (register == TOMBSTONE) {
      return new ObjectRowKey.Tombstone(key, version);
    }
    throw new IllegalArgumentException("not the row of an object: " + row);
  }

  /// The row that a grave's key names.
  static RowKey rowOfGrave(RowKey grave) {
    return new RowKey(Arrays.copyOfRange(grave.bytes(), 17, grave.bytes().length));
  }

  /// Whether a row is of an object.
  static boolean isObject(RowKey row) {
    return row.bytes()[0] == OBJECT;
  }

  /// Whether a key lies among the objects or uploads of an incarnation.
  static boolean isWithin(EntryDot incarnation, RowKey row) {
    byte first = row.bytes()[0];
    return (first == OBJECT || first == UPLOAD) && isOf(incarnation, row);
  }

  /// Whether a key is that of a setting of an incarnation.
  static boolean isSettingOf(EntryDot incarnation, RowKey row) {
    return row.bytes()[0] == BUCKET_SETTING && isOf(incarnation, row);
  }

  private static boolean isOf(EntryDot incarnation, RowKey row) {
    return row.bytes().length >= OBJECT_KEY_AT && parseIncarnation(row).equals(incarnation);
  }

  /// The same key under another incarnation; for one past all of the first, past all of the other.
  static RowKey moved(RowKey row, EntryDot from, EntryDot to) {
    if (from.equals(to)) {
      return row;
    }
    if (!isOf(from, row)) {
      return startingWith(new Builder(OBJECT_KEY_AT).put(row.bytes()[0]).put(to)).to();
    }
    byte[] bytes = row.bytes().clone();
    ByteBuffer.wrap(bytes, 1, DOT_BYTES).putLong(to.origin().value()).putLong(to.sequence());
    return new RowKey(bytes);
  }

  /// The key of the object whose null version a row is; null for any other row.
  static @Nullable ByteString keyOfNull(RowKey row) {
    byte[] bytes = row.bytes();
    return bytes[0] == OBJECT
            && bytes[bytes.length - 1] == NULL
            && parseObject(row) instanceof ObjectRowKey.Null(var key)
        ? key
        : null;
  }

  /// The key of the object among whose rows a position lies; null where it lies among none's.
  static @Nullable ByteString keyWithin(RowKey position) {
    byte[] bytes = position.bytes();
    if (bytes[0] != OBJECT) {
      return null;
    }
    ByteString.Output key = ByteString.newOutput(bytes.length);
    for (int at = OBJECT_KEY_AT; at + 1 < bytes.length; at++) {
      if (bytes[at] != ESCAPED) {
        key.write(bytes[at]);
      } else if (bytes[at + 1] == ESCAPED_END) {
        return key.toByteString();
      } else {
        key.write(0);
        at++;
      }
    }
    return null;
  }

  /// The incarnation in the key of a row of an object.
  static EntryDot parseIncarnation(RowKey row) {
    ByteBuffer bytes = ByteBuffer.wrap(row.bytes(), 1, DOT_BYTES);
    return new EntryDot(new OriginId(bytes.getLong()), bytes.getLong());
  }

  /// The site in the key of a member.
  static SiteId parseSite(RowKey row) {
    return new SiteId(ByteBuffer.wrap(row.bytes(), 1, 4).getInt());
  }

  /// The dot in the key of a pending entry or of wanted bodies.
  static EntryDot parseDot(RowKey row) {
    return incarnationAtEnd(row);
  }

  /// The origin in the key of its head.
  static OriginId parseOriginHead(RowKey row) {
    return new OriginId(ByteBuffer.wrap(row.bytes(), 1, 8).getLong());
  }

  /// The id in the key of a user or an access key.
  static String parseId(RowKey row) {
    return new String(row.bytes(), 1, row.bytes().length - 1, StandardCharsets.UTF_8);
  }

  private static Builder objectKey(EntryDot incarnation, ByteString key) {
    return new Builder(OBJECT_KEY_AT + key.size() + 2 + VERSION_TAIL)
        .put(OBJECT)
        .put(incarnation)
        .putEscaped(key);
  }

  private static Builder versioned(EntryDot incarnation, ByteString key, EntryOrder version) {
    return objectKey(incarnation, key)
        .put(VERSIONED)
        .put(~version.hlc().value())
        .put(~version.origin().value());
  }

  private static Builder conflicting(EntryDot incarnation, ByteString key, EntryOrder loser) {
    return objectKey(incarnation, key)
        .put(CONFLICTING)
        .put(~loser.hlc().value())
        .put(~loser.origin().value());
  }

  static KeyRange startingWith(Builder prefix) {
    byte[] from = prefix.key().bytes();
    int last = from.length - 1;
    while (from[last] == (byte) 0xff) {
      last--; // never runs out: the first byte says the kind and is below FF
    }
    byte[] to = Arrays.copyOf(from, last + 1);
    to[last]++;
    return new KeyRange(new RowKey(from), new RowKey(to));
  }

  /// Bytes that grow.
  static final class Builder {
    private byte[] bytes;
    private int length;

    Builder(int expected) {
      bytes = new byte[expected];
    }

    Builder put(byte value) {
      room(1);
      bytes[length++] = value;
      return this;
    }

    Builder put(long value) {
      room(8);
      ByteBuffer.wrap(bytes).putLong(length, value);
      length += 8;
      return this;
    }

    Builder put(int value) {
      room(4);
      ByteBuffer.wrap(bytes).putInt(length, value);
      length += 4;
      return this;
    }

    Builder put(ByteString bytes) {
      for (byte each : bytes) {
        put(each);
      }
      return this;
    }

    Builder put(RowKey row) {
      room(row.bytes().length);
      System.arraycopy(row.bytes(), 0, bytes, length, row.bytes().length);
      length += row.bytes().length;
      return this;
    }

    Builder put(EntryOrder order) {
      return put(order.hlc().value()).put(order.origin().value());
    }

    Builder put(EntryDot dot) {
      return put(dot.origin().value()).put(dot.sequence());
    }

    Builder put(String last) {
      byte[] utf8 = last.getBytes(StandardCharsets.UTF_8);
      room(utf8.length);
      System.arraycopy(utf8, 0, bytes, length, utf8.length);
      length += utf8.length;
      return this;
    }

    Builder putEscaped(String text) {
      return putEscaped(ByteString.copyFromUtf8(text));
    }

    Builder putEscaped(ByteString text) {
      return putEscapedPrefix(text).put(ESCAPED).put(ESCAPED_END);
    }

    Builder putEscapedPrefix(ByteString text) {
      for (int i = 0; i < text.size(); i++) {
        byte next = text.byteAt(i);
        put(next);
        if (next == ESCAPED) {
          put(ESCAPED_ZERO);
        }
      }
      return this;
    }

    RowKey key() {
      return new RowKey(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }

    private void room(int more) {
      if (length + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
      }
    }
  }
}
