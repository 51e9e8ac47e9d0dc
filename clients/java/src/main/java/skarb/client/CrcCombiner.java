package skarb.client;

/// The CRC of two byte sequences one after the other, from the CRC of each: appending `n` bytes
/// multiplies what stands before them by x to the power of `8 n`, modulo the polynomial.
/// Polynomials over GF(2) are held as CRCs are, reflected: the highest bit is the coefficient of
/// x^0.
final class CrcCombiner {
  static final CrcCombiner CRC32 = new CrcCombiner(32, 0xEDB88320L);
  static final CrcCombiner CRC32C = new CrcCombiner(32, 0x82F63B78L);
  static final CrcCombiner CRC64NVME = new CrcCombiner(64, Crc64Nvme.POLYNOMIAL);

  private final long one;
  private final long polynomial;

  private CrcCombiner(int width, long polynomial) {
    this.one = 1L << (width - 1);
    this.polynomial = polynomial;
  }

  /// @param secondLength bytes of the second
  long combine(long first, long second, long secondLength) {
    return multiply(powerOfX8(secondLength), first) ^ second;
  }

  /// x to the power of 8 n, by squaring.
  private long powerOfX8(long n) {
    long result = one;
    long square = one >>> 8;
    for (long left = n; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  private long multiply(long a, long b) {
    long product = 0;
    long shifted = b;
    for (long bit = one; bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ polynomial : shifted >>> 1;
    }
    return product;
  }
}
