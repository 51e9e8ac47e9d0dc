package skarb.s3.headers;

import java.util.Optional;
import skarb.v1.ByteRange;

/// The Range header. S3 serves one range; what is not one, or is several, is as if it were not
/// there, and the whole object is sent.
public final class RangeHeader {
  private static final String UNIT = "bytes=";

  private RangeHeader() {}

  /// Reads a header's value.
  public static Optional<ByteRange> parse(String value) {
    String text = value.strip();
    if (!text.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
      return Optional.empty();
    }
    int dash = text.indexOf('-', UNIT.length());
    if (dash < 0) {
      return Optional.empty();
    }
    String first = text.substring(UNIT.length(), dash).strip();
    String last = text.substring(dash + 1).strip();
    if (first.isEmpty()) {
      return number(last).map(n -> ByteRange.newBuilder().setSuffixLength(n).build());
    }
    Optional<Long> from = number(first);
    if (from.isEmpty()) {
      return Optional.empty();
    }
    if (last.isEmpty()) {
      return Optional.of(ByteRange.newBuilder().setFirst(from.get()).build());
    }
    return number(last)
        .filter(to -> to >= from.get())
        .map(to -> ByteRange.newBuilder().setFirst(from.get()).setLast(to).build());
  }

  /// Digits only. A number past 2^63 means past every end.
  private static Optional<Long> number(String text) {
    if (text.isEmpty() || text.length() > 40) {
      return Optional.empty();
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return Optional.empty();
      }
      value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    }
    return Optional.of(value);
  }
}
