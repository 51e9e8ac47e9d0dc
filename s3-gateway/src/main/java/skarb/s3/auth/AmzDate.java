package skarb.s3.auth;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// The times that signed requests carry.
final class AmzDate {
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private AmzDate() {}

  /// Reads `yyyyMMdd'T'HHmmss'Z'`.
  static Optional<Instant> parseBasic(String text) {
    try {
      return Optional.of(LocalDateTime.parse(text, BASIC).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Reads either the basic form or a date as HTTP writes it, whose day of the week is not looked
  /// at.
  static Optional<Instant> parse(String text) {
    String stripped = text.strip();
    Optional<Instant> basic = parseBasic(stripped);
    return basic.isPresent() ? basic : parseHttp(stripped);
  }

  private static Optional<Instant> parseHttp(String text) {
    try {
      String day = text.substring(text.indexOf(',') + 1).strip();
      return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(day)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Writes `yyyyMMdd'T'HHmmss'Z'`.
  static String basic(Instant time) {
    return BASIC.format(time.atOffset(ZoneOffset.UTC));
  }

  /// Writes `yyyy-MM-dd'T'HH:mm:ss'Z'`, as error documents have it.
  static String extended(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// Whether this is a date as scopes have it, `YYYYMMDD`.
  static boolean isDay(String text) {
    if (text.length() != 8) {
      return false;
    }
    try {
      LocalDate day = LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE);
      return day.getYear() > 0;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
