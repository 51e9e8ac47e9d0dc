package skarb.node.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/// CRC-64/NVME, S3's default checksum: polynomial 0xAD93D23594C93659, reflected, all ones before
/// and after. The check value, of `123456789`, is 0xAE8B14860A799888.
///
/// Eight bytes a step by eight tables ("slicing by 8"). Each step waits for the one before, so a
/// long piece is cut into four that are gone through side by side, and their values are put
/// together by [ReflectedCrc]. Not thread-safe.
public final class Crc64Nvme implements Checksum {
  static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L; // reflected

  private static final int SIDE_BY_SIDE_BYTES = 4 << 10;

  /// Eight tables of 256, one after the other.
  private static final long[] TABLES = tables();

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long state = -1;

  @Override
  public void update(int b) {
    state = TABLES[(int) (state ^ b) & 0xff] ^ (state >>> 8);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    int at = offset;
    if (length >= SIDE_BY_SIDE_BYTES) {
      int quarter = length / (4 * Long.BYTES) * Long.BYTES;
      state = sideBySide(state, bytes, at, quarter);
      at += 4 * quarter;
    }
    long crc = state;
    int end = offset + length;
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      crc = step(crc ^ (long) LONG.get(bytes, at));
    }
    for (; at < end; at++) {
      crc = TABLES[(int) (crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
    }
    state = crc;
  }

  /// The state after four quarters that follow one another.
  ///
  /// @param quarter bytes of each, a multiple of 8
  private static long sideBySide(long before, byte[] bytes, int offset, int quarter) {
    long crc0 = before;
    long crc1 = 0;
    long crc2 = 0;
    long crc3 = 0;
    for (int at = offset; at < offset + quarter; at += Long.BYTES) {
      crc0 = step(crc0 ^ (long) LONG.get(bytes, at));
      crc1 = step(crc1 ^ (long) LONG.get(bytes, at + quarter));
      crc2 = step(crc2 ^ (long) LONG.get(bytes, at + 2 * quarter));
      crc3 = step(crc3 ^ (long) LONG.get(bytes, at + 3 * quarter));
    }
    ReflectedCrc arithmetic = ReflectedCrc.CRC64NVME;
    long half = arithmetic.combine(crc0, crc1, quarter);
    return arithmetic.combine(half, arithmetic.combine(crc2, crc3, quarter), 2L * quarter);
  }

  /// Eight bytes: each goes through the table of its distance from the end.
  private static long step(long crc) {
    long[] tables = TABLES;
    return tables[7 * 256 + ((int) crc & 0xff)]
        ^ tables[6 * 256 + ((int) (crc >>> 8) & 0xff)]
        ^ tables[5 * 256 + ((int) (crc >>> 16) & 0xff)]
        ^ tables[4 * 256 + ((int) (crc >>> 24) & 0xff)]
        ^ tables[3 * 256 + ((int) (crc >>> 32) & 0xff)]
        ^ tables[2 * 256 + ((int) (crc >>> 40) & 0xff)]
        ^ tables[256 + ((int) (crc >>> 48) & 0xff)]
        ^ tables[(int) (crc >>> 56)];
  }

  @Override
  public long getValue() {
    return ~state;
  }

  @Override
  public void reset() {
    state = -1;
  }

  /// The CRC of two byte sequences, one after the other, from the CRC of each.
  ///
  /// @param secondLength bytes of the second
  public static long combine(long first, long second, long secondLength) {
    return ReflectedCrc.CRC64NVME.combine(first, second, secondLength);
  }

  private static long timesX(long a) {
    return (a & 1) != 0 ? a >>> 1 ^ POLYNOMIAL : a >>> 1;
  }

  private static long[] tables() {
    long[] tables = new long[8 * 256];
    for (int b = 0; b < 256; b++) {
      long crc = b;
      for (int bit = 0; bit < 8; bit++) {
        crc = timesX(crc);
      }
      tables[b] = crc;
    }
    for (int at = 256; at < tables.length; at++) {
      long before = tables[at - 256];
      tables[at] = tables[(int) before & 0xff] ^ (before >>> 8);
    }
    return tables;
  }
}
