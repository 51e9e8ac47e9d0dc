package skarb.cli.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// `4096`, `4KiB`, `10MiB`, `1GiB`, `100kB`, `5MB`.
final class ByteSize implements ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(B|kB|KiB|MB|MiB|GB|GiB)?");
  private static final long MAX_BYTES = 5L << 40;

  @Override
  public Long convert(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + value + "' is not a size such as 4096, 4KiB or 10MiB");
    }
    long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(matcher.group(2)));
    if (bytes > MAX_BYTES) {
      throw new TypeConversionException("'" + value + "' is over 5 TiB");
    }
    return bytes;
  }

  private static long unit(@Nullable String name) {
    return switch (name) {
      case "kB" -> 1000;
      case "KiB" -> 1 << 10;
      case "MB" -> 1_000_000;
      case "MiB" -> 1 << 20;
      case "GB" -> 1_000_000_000;
      case "GiB" -> 1 << 30;
      case null, default -> 1;
    };
  }

  /// In the largest unit that divides it.
  static String text(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long number = bytes;
    while (unit < units.length - 1 && number >= 1024 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number + units[unit];
  }
}
