package skarb.s3.xml;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times as S3's documents write them: ISO 8601 in whole seconds with `.000Z`, so that a listing
/// never disagrees with the Last-Modified header of the same object.
final class IsoTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.'000Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private IsoTime() {}

  static String format(Timestamp time) {
    return FORMAT.format(Instant.ofEpochSecond(time.getSeconds()));
  }
}
