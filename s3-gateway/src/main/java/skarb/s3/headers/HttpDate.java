package skarb.s3.headers;

import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Dates of HTTP (RFC 9110, section 5.6.7): written in the one form, read in all three.
public final class HttpDate {
  private static final DateTimeFormatter FIXED =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter RFC850 =
      new DateTimeFormatterBuilder()
          .appendPattern("EEEE, dd-MMM-")
          .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
          .appendPattern(" HH:mm:ss 'GMT'")
          .toFormatter(Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final List<DateTimeFormatter> READ = List.of(FIXED, RFC850, ASCTIME);

  private HttpDate() {}

  /// Whole seconds, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
  public static String format(Instant time) {
    return FIXED.format(time);
  }

  /// Whole seconds of a time of the node's.
  public static String format(Timestamp time) {
    return FIXED.format(Instant.ofEpochSecond(time.getSeconds()));
  }

  /// Reads a date; empty where it is not one, which HTTP says to ignore.
  public static Optional<Instant> parse(String text) {
    for (DateTimeFormatter format : READ) {
      try {
        return Optional.of(ZonedDateTime.parse(text.strip(), format).toInstant());
      } catch (DateTimeException e) {
        // Perhaps the next form.
      }
    }
    return Optional.empty();
  }
}
