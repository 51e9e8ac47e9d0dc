package skarb.cli.objects;

import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import skarb.cli.options.StoreOptions;
import skarb.cli.wiring.StoreConnection;
import skarb.client.ByteRange;
import skarb.client.GetOptions;

/// `skarb cat`: bodies on standard output.
@Command(
    name = "cat",
    description = "Write the bodies of objects to standard output, one after the other.",
    mixinStandardHelpOptions = true)
public final class CatCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;

  @Parameters(
      arity = "1..*",
      paramLabel = "s3://BUCKET/KEY",
      converter = StorePath.Converter.class,
      description = "The objects; s3:// may be left out.")
  private List<StorePath> paths;

  @Option(
      names = "--range",
      paramLabel = "FIRST-LAST",
      converter = Range.class,
      description =
          "These bytes alone, from 0 and both inclusive; FIRST- to the end, -N the last N.")
  private @Nullable ByteRange range;

  @Option(names = "--version-id", paramLabel = "ID", description = "This version of the object.")
  private @Nullable String versionId;

  @Override
  public Integer call() throws Exception {
    GetOptions options = GetOptions.none();
    if (range != null) {
      options = options.withRange(range);
    }
    if (versionId != null) {
      options = options.withVersion(versionId);
    }
    try (StoreConnection open = store.open()) {
      for (StorePath path : paths) {
        try (InputStream body = open.client().open(path.bucket(), path.key(), options)) {
          StandardStreams.write(body);
        }
      }
    }
    return 0;
  }

  /// As HTTP writes ranges.
  static final class Range implements ITypeConverter<ByteRange> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})?-([0-9]{1,18})?");

    @Override
    public ByteRange convert(String value) {
      Matcher parts = FORM.matcher(value);
      if (parts.matches()) {
        String first = parts.group(1);
        String last = parts.group(2);
        try {
          if (first != null) {
            return last == null
                ? ByteRange.from(Long.parseLong(first))
                : ByteRange.between(Long.parseLong(first), Long.parseLong(last));
          }
          if (last != null) {
            return ByteRange.last(Long.parseLong(last));
          }
        } catch (IllegalArgumentException e) {
          throw new TypeConversionException(e.getMessage());
        }
      }
      throw new TypeConversionException("'" + value + "' is not FIRST-LAST, FIRST- or -N");
    }
  }
}
