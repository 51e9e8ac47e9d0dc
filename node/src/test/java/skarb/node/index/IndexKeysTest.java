package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.BucketValue;
import skarb.v1.Row;

class IndexKeysTest {
  private static final EntryDot BUCKET = new EntryDot(new OriginId(-2), 7);
  private static final EntryDot NEXT_BUCKET = new EntryDot(new OriginId(-2), 8);

  @Test
  void rowsOfKeysStandInByteOrderOfTheKeys() {
    SplittableRandom random = Seed.random("rowsOfKeysStandInByteOrderOfTheKeys");
    for (int i = 0; i < 20_000; i++) {
      ByteString a = bytes(random);
      ByteString b = random.nextInt(4) == 0 ? a.concat(bytes(random)) : bytes(random);
      int expected = Integer.signum(Arrays.compareUnsigned(a.toByteArray(), b.toByteArray()));

      for (RowKey rowOfA : rowsOf(a, random)) {
        for (RowKey rowOfB : rowsOf(b, random)) {
          if (expected != 0) {
            assertThat(Integer.signum(rowOfA.compareTo(rowOfB))).isEqualTo(expected);
          }
          assertThat(IndexKeys.rowsOfKey(BUCKET, a).contains(rowOfB)).isEqualTo(expected == 0);
          assertThat(IndexKeys.rowsOfPrefix(BUCKET, a).contains(rowOfB)).isEqualTo(b.startsWith(a));
          assertThat(IndexKeys.rowsOfPrefix(NEXT_BUCKET, a).contains(rowOfB)).isFalse();
        }
      }
    }
  }

  @Test
  void aRowOfAnObjectReadsBackAsWhatItWasMadeOf() {
    SplittableRandom random = Seed.random("aRowOfAnObjectReadsBackAsWhatItWasMadeOf");
    for (int i = 0; i < 2_000; i++) {
      ByteString key = bytes(random).concat(ByteString.copyFromUtf8("x"));
      EntryOrder version = order(random.nextLong(), random.nextLong());

      assertThat(IndexKeys.parseObject(IndexKeys.nullVersion(BUCKET, key)))
          .isEqualTo(new ObjectRowKey.Null(key));
      assertThat(IndexKeys.parseObject(IndexKeys.version(BUCKET, key, version)))
          .isEqualTo(new ObjectRowKey.Version(key, version));
      assertThat(IndexKeys.parseObject(IndexKeys.tombstone(BUCKET, key, version)))
          .isEqualTo(new ObjectRowKey.Tombstone(key, version));
    }
  }

  @Test
  void rowsOfOneKeyAreNullThenVersionsNewestFirstEachAfterItsTombstone() {
    ByteString key = ByteString.copyFromUtf8("k");

    assertThat(
            List.of(
                IndexKeys.nullVersion(BUCKET, key),
                IndexKeys.tombstone(BUCKET, key, order(-1, 1)), // stamps are unsigned
                IndexKeys.version(BUCKET, key, order(-1, 1)),
                IndexKeys.tombstone(BUCKET, key, order(9, -1)),
                IndexKeys.version(BUCKET, key, order(9, -1)),
                IndexKeys.version(BUCKET, key, order(9, 2)),
                IndexKeys.version(BUCKET, key, order(8, 3))))
        .isSorted();
  }

  @Test
  void whatIsNotTheRowOfAnObjectIsRefused() {
    byte[] whole = IndexKeys.version(BUCKET, ByteString.copyFromUtf8("k"), order(1, 1)).bytes();
    for (int length = 0; length < whole.length; length++) {
      RowKey cut = new RowKey(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> IndexKeys.parseObject(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> IndexKeys.parseObject(IndexKeys.user("u")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bucketsOfAnOwnerAreTheirOwnAndInOrderOfTheirNames() {
    KeyRange range = IndexKeys.bucketsOfOwner("al", "a");

    assertThat(range.contains(owner("al", "a"))).isTrue();
    assertThat(range.contains(owner("al", "ab"))).isTrue();
    assertThat(range.contains(owner("al", "b"))).isFalse();
    assertThat(range.contains(owner("ala", "a"))).isFalse();
    assertThat(List.of(owner("al", "a"), owner("al", "a-b"), owner("al", "a.b"), owner("al", "aa")))
        .isSorted();
    assertThat(IndexKeys.pastBucketOfOwner("al", "a"))
        .isGreaterThan(owner("al", "a"))
        .isLessThan(owner("al", "a-b"));
    assertThat(IndexKeys.incarnationAtEnd(owner("al", "a"))).isEqualTo(BUCKET);
  }

  @Test
  void bytesStayAsDocumented() {
    ByteString key = ByteString.copyFrom(new byte[] {'a', 0, 'b'});

    assertThat(IndexKeys.nullVersion(new EntryDot(new OriginId(0x0102), 3), key))
        .hasToString("40" + "0000000000000102" + "0000000000000003" + "6100ff62" + "0001" + "10");
    assertThat(IndexKeys.version(new EntryDot(new OriginId(1), 2), key, order(3, 4)))
        .hasToString(
            "40"
                + "0000000000000001"
                + "0000000000000002"
                + "6100ff62"
                + "0001"
                + "20"
                + "fffffffffffffffc"
                + "fffffffffffffffb"
                + "20");
    assertThat(IndexKeys.bucketSetting(new EntryDot(new OriginId(1), 2), 3))
        .hasToString("22" + "0000000000000001" + "0000000000000002" + "00000003");
    assertThat(
            IndexKeys.bucketName(
                Row.newBuilder()
                    .setHlc(5)
                    .setBucket(BucketValue.newBuilder().setName("ab"))
                    .build(),
                true,
                new EntryDot(new OriginId(1), 2)))
        .hasToString(
            "23"
                + "6162"
                + "0001"
                + "01"
                + "0000000000000005"
                + "0000000000000001"
                + "0000000000000002");
    assertThat(IndexKeys.user("é").bytes()).isEqualTo("\u0010é".getBytes(StandardCharsets.UTF_8));
  }

  private static RowKey owner(String owner, String name) {
    return IndexKeys.bucketOwner(owner, name, new Hlc(1), BUCKET);
  }

  private static List<RowKey> rowsOf(ByteString key, SplittableRandom random) {
    EntryOrder version = order(random.nextLong(), random.nextLong());
    List<RowKey> rows = new ArrayList<>();
    rows.add(IndexKeys.nullVersion(BUCKET, key));
    rows.add(IndexKeys.version(BUCKET, key, version));
    rows.add(IndexKeys.tombstone(BUCKET, key, version));
    return rows;
  }

  private static EntryOrder order(long hlc, long origin) {
    return new EntryOrder(new Hlc(hlc), new OriginId(origin));
  }

  /// Short, and made of the bytes that are special here.
  private static ByteString bytes(SplittableRandom random) {
    byte[] special = {0, 0, 1, 2, 0x0f, 0x10, 0x20, 'a', (byte) 0xfe, (byte) 0xff, (byte) 0xff};
    byte[] bytes = new byte[random.nextInt(6)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = special[random.nextInt(special.length)];
    }
    return ByteString.copyFrom(bytes);
  }
}
