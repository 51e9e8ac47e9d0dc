package skarb.s3.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Makes the ids that clients see in `x-amz-request-id`: 16 hex digits, unlike for 2^64 requests of
/// one process and, by a random start, most likely unlike those of others. Safe for many threads.
public final class RequestIds {
  /// Odd, so that every counter gives another id; from the golden ratio, so that neighbours differ.
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private final AtomicLong next;
  private final String hostId;

  /// Ids that begin at random.
  public RequestIds(RandomGenerator random) {
    next = new AtomicLong(random.nextLong());
    hostId = hex(random.nextLong()) + hex(random.nextLong());
  }

  String next() {
    return hex(next.getAndAdd(STEP));
  }

  /// What `x-amz-id-2` says: which gateway it was.
  public String hostId() {
    return hostId;
  }

  private static String hex(long value) {
    char[] digits = new char[16];
    for (int i = 0; i < 16; i++) {
      digits[i] = HEX[(int) (value >>> (60 - 4 * i)) & 0xF];
    }
    return new String(digits);
  }
}
