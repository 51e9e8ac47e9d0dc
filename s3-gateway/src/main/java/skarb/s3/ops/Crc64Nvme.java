package skarb.s3.ops;

import java.util.zip.Checksum;

/// CRC-64/NVME, byte by byte: for documents, which are small. For one thread.
final class Crc64Nvme implements Checksum {
  /// The polynomial 0xAD93D23594C93659, bits reversed.
  private static final long POLYNOMIAL = 0x9A6C9329AC4BC9B5L;

  private static final long[] TABLE = table();

  private long state = -1;

  @Override
  public void update(int b) {
    state = TABLE[(int) (state ^ b) & 0xFF] ^ (state >>> 8);
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      update(bytes[i]);
    }
  }

  @Override
  public long getValue() {
    return ~state;
  }

  @Override
  public void reset() {
    state = -1;
  }

  private static long[] table() {
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : (crc >>> 1) ^ POLYNOMIAL;
      }
      table[i] = crc;
    }
    return table;
  }
}
