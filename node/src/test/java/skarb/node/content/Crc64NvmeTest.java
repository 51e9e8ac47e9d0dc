package skarb.node.content;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import skarb.testkit.seed.Seeds;

class Crc64NvmeTest {
  @Test
  void checkValue() {
    assertThat(crc("123456789".getBytes(US_ASCII))).isEqualTo(0xAE8B14860A799888L);
    assertThat(crc(new byte[0])).isZero();
  }

  @Test
  void eightBytesAStepIsTheSameAsOneBitAStep() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          byte[] bytes = new byte[random.nextInt(random.nextBoolean() ? 200 : 50_000)];
          random.nextBytes(bytes);
          Crc64Nvme crc = new Crc64Nvme();
          int at = 0;
          while (at < bytes.length) {
            int step = 1 + random.nextInt(bytes.length - at);
            crc.update(bytes, at, step);
            at += step;
            if (at < bytes.length) {
              crc.update(bytes[at++]);
            }
          }
          assertThat(crc.getValue()).isEqualTo(bitByBit(bytes));
          crc.reset();
          assertThat(crc.getValue()).isZero();
        });
  }

  @Test
  void theCrcOfTwoPartsComesFromTheirCrcs() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          byte[] bytes = new byte[random.nextInt(3000)];
          random.nextBytes(bytes);
          int cut = random.nextInt(bytes.length + 1);
          long first = crc(Arrays.copyOf(bytes, cut));
          long second = crc(Arrays.copyOfRange(bytes, cut, bytes.length));

          assertThat(Crc64Nvme.combine(first, second, bytes.length - cut)).isEqualTo(crc(bytes));
        });
  }

  private static long crc(byte[] bytes) {
    Crc64Nvme crc = new Crc64Nvme();
    crc.update(bytes, 0, bytes.length);
    return crc.getValue();
  }

  private static long bitByBit(byte[] bytes) {
    long crc = -1;
    for (byte one : bytes) {
      crc ^= one & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ Long.reverse(0xAD93D23594C93659L) : crc >>> 1;
      }
    }
    return ~crc;
  }
}
