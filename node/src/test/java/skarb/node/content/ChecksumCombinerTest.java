package skarb.node.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.checksumsOf;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import skarb.testkit.seed.Seeds;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

class ChecksumCombinerTest {
  private static final List<ChecksumAlgorithm> CRCS =
      List.of(
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32,
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32C,
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME);

  private static final List<ChecksumAlgorithm> COMPOSITES =
      List.of(
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32,
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32C,
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA1,
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256);

  @Test
  void theChecksumOfTheWholeComesFromThoseOfAnySplit() {
    Seeds.forEach(
        200,
        (seed, random) -> {
          byte[] whole = new byte[random.nextInt(random.nextBoolean() ? 20 : 20_000)];
          random.nextBytes(whole);
          List<PartDigest> parts = split(whole, random);
          Map<BodyChecksum, ByteString> expected = checksumsOf(whole);

          for (ChecksumAlgorithm algorithm : CRCS) {
            BodyChecksum kind = BodyChecksum.of(algorithm).orElseThrow();
            assertThat(ChecksumCombiner.fullObject(algorithm, parts))
                .isEqualTo(
                    kind.set(Checksums.newBuilder(), expected.getOrDefault(kind, ByteString.EMPTY))
                        .build());
          }
        });
  }

  /// Up to a dozen parts, some of them empty.
  private static List<PartDigest> split(byte[] whole, RandomGenerator random) {
    List<PartDigest> parts = new ArrayList<>();
    int at = 0;
    for (int i = random.nextInt(12); i > 0; i--) {
      int end = random.nextInt(4) == 0 ? at : at + random.nextInt(whole.length - at + 1);
      parts.add(digest(Arrays.copyOfRange(whole, at, end)));
      at = end;
    }
    parts.add(digest(Arrays.copyOfRange(whole, at, whole.length)));
    return parts;
  }

  @Test
  void fiveGiBCombineAsIfTheyWereRead() {
    byte[] zeros = new byte[1 << 20];
    CRC32 gib = new CRC32();
    CRC32 whole = new CRC32();
    whole.update("head".getBytes(UTF_8));
    for (int i = 0; i < 5 * 1024; i++) {
      whole.update(zeros);
      if (i < 1024) {
        gib.update(zeros);
      }
    }

    long combined = 0;
    for (int i = 0; i < 5; i++) {
      combined = ReflectedCrc.CRC32.combine(combined, gib.getValue(), 1L << 30);
    }

    assertThat(ReflectedCrc.CRC32.combine(crc("head"), combined, 5L << 30))
        .isEqualTo(whole.getValue());
  }

  @Test
  void combiningIsAssociativeAtAnyLength() {
    Seeds.forEach(
        300,
        (seed, random) -> {
          for (ReflectedCrc crc :
              List.of(ReflectedCrc.CRC32, ReflectedCrc.CRC32C, ReflectedCrc.CRC64NVME)) {
            long mask = crc == ReflectedCrc.CRC64NVME ? -1 : 0xffff_ffffL;
            long a = random.nextLong() & mask;
            long b = random.nextLong() & mask;
            long c = random.nextLong() & mask;
            long lengthB = random.nextLong(1L << (1 + random.nextInt(61)));
            long lengthC = random.nextLong(1L << (1 + random.nextInt(61)));

            long left = crc.combine(crc.combine(a, b, lengthB), c, lengthC);
            long right = crc.combine(a, crc.combine(b, c, lengthC), lengthB + lengthC);

            assertThat(left).isEqualTo(right);
            assertThat(crc.combine(a, 0, 0)).isEqualTo(a);
          }
        });
  }

  @Test
  void compositeChecksumsAreThoseOfTheChecksums() {
    Seeds.forEach(
        50,
        (seed, random) -> {
          byte[] whole = new byte[random.nextInt(5000)];
          random.nextBytes(whole);
          List<PartDigest> parts = split(whole, random);

          for (ChecksumAlgorithm algorithm : COMPOSITES) {
            BodyChecksum kind = BodyChecksum.of(algorithm).orElseThrow();
            ByteString all =
                ByteString.copyFrom(
                    parts.stream().map(part -> kind.in(part.checksums()).orElseThrow()).toList());
            assertThat(kind.in(ChecksumCombiner.composite(algorithm, parts)))
                .contains(checksumsOf(all.toByteArray()).getOrDefault(kind, ByteString.EMPTY));
          }
        });
  }

  @Test
  void theEntityTagIsTheMd5OfTheMd5s() throws Exception {
    ByteString one = digest("one".getBytes(UTF_8)).md5();
    ByteString two = digest("two".getBytes(UTF_8)).md5();

    assertThat(ChecksumCombiner.multipartEtag(List.of(one, two)).toByteArray())
        .isEqualTo(MessageDigest.getInstance("MD5").digest(one.concat(two).toByteArray()));
    ByteString zeros = digest(new byte[5 << 20]).md5();
    assertThat(HexFormat.of().formatHex(zeros.toByteArray()))
        .isEqualTo("5f363e0e58a95f06cbe9bbc662c5dfb6");
    assertThatThrownBy(() -> ChecksumCombiner.multipartEtag(List.of(ByteString.EMPTY)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCannotBeIsRefused() {
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
      assertThat(ChecksumCombiner.canBeFullObject(algorithm)).isEqualTo(CRCS.contains(algorithm));
      assertThat(ChecksumCombiner.canBeComposite(algorithm))
          .isEqualTo(COMPOSITES.contains(algorithm));
      if (!CRCS.contains(algorithm)) {
        assertThatThrownBy(() -> ChecksumCombiner.fullObject(algorithm, List.of()))
            .isInstanceOf(IllegalArgumentException.class);
      }
      if (!COMPOSITES.contains(algorithm)) {
        assertThatThrownBy(() -> ChecksumCombiner.composite(algorithm, List.of()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aPartWithoutTheChecksumIsNamed() {
    PartDigest whole = digest(new byte[] {1});
    PartDigest bare = new PartDigest(1, whole.md5(), Checksums.getDefaultInstance());
    ChecksumAlgorithm crc32 = ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32;

    assertThat(ChecksumCombiner.has(crc32, whole.checksums())).isTrue();
    assertThat(ChecksumCombiner.has(crc32, bare.checksums())).isFalse();
    assertThatThrownBy(() -> ChecksumCombiner.fullObject(crc32, List.of(whole, bare)))
        .hasMessageContaining("part 2 has no CRC32");
    assertThatThrownBy(() -> ChecksumCombiner.composite(crc32, List.of(whole, bare)))
        .hasMessageContaining("part 2 has no CRC32");
  }

  @Test
  void tenThousandPartsAreGoneThroughOnce() {
    PartDigest part = digest(new byte[] {1, 2, 3});
    PartDigest large = new PartDigest(512L << 20, part.md5(), part.checksums());
    int[] passes = {0};
    Iterable<PartDigest> parts =
        () -> {
          passes[0]++;
          return Stream.generate(() -> large).limit(10_000).iterator();
        };

    Checksums full =
        ChecksumCombiner.fullObject(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME, parts);

    assertThat(passes[0]).isEqualTo(1);
    assertThat(full)
        .isEqualTo(
            ChecksumCombiner.fullObject(
                ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME,
                Collections.nCopies(10_000, large)));
  }

  private static long crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(UTF_8));
    return crc.getValue();
  }

  private static PartDigest digest(byte[] content) {
    Checksums.Builder checksums = Checksums.newBuilder();
    Map<BodyChecksum, ByteString> all = checksumsOf(content);
    all.forEach((kind, value) -> kind.set(checksums, value));
    return new PartDigest(
        content.length, all.getOrDefault(BodyChecksum.MD5, ByteString.EMPTY), checksums.build());
  }
}
