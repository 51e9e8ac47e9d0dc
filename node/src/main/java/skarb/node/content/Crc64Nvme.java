package skarb.node.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/// CRC-64/NVME, S3's default checksum: polynomial 0xAD93D23594C93659, reflected, all ones before
/// and after. The check value, of `123456789`, is 0xAE8B14860A799888.
///
/// Eight bytes a step by eight tables ("slicing by 8"), about 1.2 GB/s: faster than MD5, which runs
/// beside it. Not thread-safe.
public final class Crc64Nvme implements Checksum {
  static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L; // reflected

  private static final long[][] TABLES = tables();
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long state = -1;

  @Override
  public void update(int b) {
    state = TABLES[0][(int) (state ^ b) & 0xff] ^ (state >>> 8);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    long crc = state;
    int at = offset;
    int end = offset + length;
    long[] t0 = TABLES[0];
    long[] t1 = TABLES[1];
    long[] t2 = TABLES[2];
    long[] t3 = TABLES[3];
    long[] t4 = TABLES[4];
    long[] t5 = TABLES[5];
    long[] t6 = TABLES[6];
    long[] t7 = TABLES[7];
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      crc ^= (long) LONG.get(bytes, at);
      crc =
          t7[(int) crc & 0xff]
              ^ t6[(int) (crc >>> 8) & 0xff]
              ^ t5[(int) (crc >>> 16) & 0xff]
              ^ t4[(int) (crc >>> 24) & 0xff]
              ^ t3[(int) (crc >>> 32) & 0xff]
              ^ t2[(int) (crc >>> 40) & 0xff]
              ^ t1[(int) (crc >>> 48) & 0xff]
              ^ t0[(int) (crc >>> 56)];
    }
    for (; at < end; at++) {
      crc = t0[(int) (crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
    }
    state = crc;
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

  private static long[][] tables() {
    long[][] tables = new long[8][256];
    for (int b = 0; b < 256; b++) {
      long crc = b;
      for (int bit = 0; bit < 8; bit++) {
        crc = timesX(crc);
      }
      tables[0][b] = crc;
    }
    for (int b = 0; b < 256; b++) {
      for (int slice = 1; slice < 8; slice++) {
        long before = tables[slice - 1][b];
        tables[slice][b] = tables[0][(int) before & 0xff] ^ (before >>> 8);
      }
    }
    return tables;
  }
}
