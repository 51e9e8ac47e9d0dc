package skarb.cli.objects;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skarb.cli.options.StoreOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.StoreConnection;
import skarb.client.BucketInfo;
import skarb.client.ListEntry;
import skarb.client.ListOptions;
import skarb.client.ObjectInfo;
import skarb.client.ObjectVersion;
import skarb.client.SkarbClient;

/// `skarb ls`: buckets, or what is in one.
@Command(
    name = "ls",
    description = "List buckets, or the objects and folders of a bucket.",
    mixinStandardHelpOptions = true)
public final class LsCommand implements Callable<Integer> {
  @Mixin private StoreOptions store;

  @Parameters(
      arity = "0..1",
      paramLabel = "s3://BUCKET[/PREFIX]",
      converter = StorePath.Converter.class,
      description = "Whose keys begin so; s3:// may be left out (default: list the buckets).")
  private @Nullable StorePath path;

  @Option(
      names = "--recursive",
      description = "All keys, instead of those up to the next slash and the folders beside them.")
  private boolean recursive;

  @Option(
      names = "--versions",
      description = "All versions and delete markers of all keys, the newest of a key first.")
  private boolean versions;

  @Option(names = "--json", description = "Print a line of JSON for each.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    try (StoreConnection open = store.open();
        Lines lines = new Lines(spec);
        Stream<Row> rows = rows(open.client())) {
      rows.forEach(row -> lines.add(json ? Json.line(row.fields()) : row.text()));
    }
    return 0;
  }

  private Stream<Row> rows(SkarbClient client) {
    StorePath of = path;
    if (of == null) {
      return client.listBuckets().map(LsCommand::row);
    }
    ListOptions options = ListOptions.prefix(of.key());
    if (versions) {
      return client.listVersions(of.bucket(), options).map(LsCommand::row);
    }
    return recursive
        ? client.list(of.bucket(), options).map(object -> row("object", object))
        : client.listEntries(of.bucket(), options.withDelimiter("/")).map(LsCommand::row);
  }

  /// What is listed, for programs and for people.
  private record Row(Map<String, Object> fields, String text) {}

  private static Row row(BucketInfo bucket) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "bucket");
    fields.putAll(BucketsCommand.fields(bucket));
    return new Row(fields, text(bucket.created().toString(), "", bucket.name()));
  }

  private static Row row(ListEntry entry) {
    return switch (entry) {
      case ListEntry.Entry(ObjectInfo object) -> row("object", object);
      case ListEntry.Prefix(String name) -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "folder");
        fields.put("prefix", name);
        yield new Row(fields, text("", "", name));
      }
    };
  }

  private static Row row(ObjectVersion version) {
    ObjectInfo object = version.object();
    Row row = row(object.deleteMarker() ? "delete_marker" : "version", object);
    row.fields().put("version_id", object.versionId().orElse("null"));
    row.fields().put("latest", version.latest());
    return new Row(
        row.fields(),
        row.text()
            + "  "
            + object.versionId().orElse("null")
            + (object.deleteMarker() ? "  deleted" : ""));
  }

  private static Row row(String type, ObjectInfo object) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("key", object.key());
    fields.put("size", object.size());
    fields.put("etag", object.etag());
    fields.put("last_modified", object.lastModified().toString());
    return new Row(
        fields,
        text(
            object.lastModified().truncatedTo(ChronoUnit.SECONDS).toString(),
            Long.toString(object.size()),
            object.key()));
  }

  private static String text(String time, String size, String name) {
    return "%-20s %14s  %s".formatted(time, size, Printable.of(name));
  }
}
