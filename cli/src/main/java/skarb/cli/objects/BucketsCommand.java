package skarb.cli.objects;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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

/// `skarb buckets`.
@Command(
    name = "buckets",
    description = "List, make, show and delete buckets.",
    mixinStandardHelpOptions = true,
    subcommands = {
      BucketsCommand.ListAll.class,
      BucketsCommand.Create.class,
      BucketsCommand.Show.class,
      BucketsCommand.Delete.class
    })
public final class BucketsCommand {

  static Map<String, Object> fields(BucketInfo bucket) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", bucket.name());
    fields.put("created", bucket.created().toString());
    fields.put("owner", bucket.ownerId());
    fields.put("location", bucket.location());
    fields.put("versioning", bucket.versioning().name().toLowerCase(Locale.ROOT));
    fields.put("guarded_overwrites", bucket.guardedOverwrites());
    return fields;
  }

  /// `skarb buckets list`.
  @Command(name = "list", description = "List them.", mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private StoreOptions store;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      List<BucketInfo> buckets;
      try (StoreConnection open = store.open()) {
        buckets = open.client().listBuckets().toList();
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(
            Json.report(Map.of("buckets", buckets.stream().map(BucketsCommand::fields).toList())));
      } else {
        buckets.forEach(bucket -> out.println(bucket.name()));
      }
      return 0;
    }
  }

  /// `skarb buckets create`.
  @Command(name = "create", description = "Make one.", mixinStandardHelpOptions = true)
  static final class Create implements Callable<Integer> {
    @Mixin private StoreOptions store;

    @Parameters(paramLabel = "NAME", description = "Its name: 3 to 63 of a-z, 0-9, - and dots.")
    private String name;

    @Override
    public Integer call() throws Exception {
      try (StoreConnection open = store.open()) {
        var _ = open.client().createBucket(name);
      }
      return 0;
    }
  }

  /// `skarb buckets show`.
  @Command(name = "show", description = "Show one.", mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private StoreOptions store;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      Map<String, Object> fields;
      try (StoreConnection open = store.open()) {
        fields = fields(open.client().headBucket(name));
      }
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(Json.report(fields));
      } else {
        fields.forEach((field, value) -> out.printf("%-18s  %s%n", field.replace('_', ' '), value));
      }
      return 0;
    }
  }

  /// `skarb buckets delete`.
  @Command(name = "delete", description = "Delete an empty one.", mixinStandardHelpOptions = true)
  static final class Delete implements Callable<Integer> {
    @Mixin private StoreOptions store;

    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name;

    @Override
    public Integer call() throws Exception {
      try (StoreConnection open = store.open()) {
        open.client().deleteBucket(name);
      }
      return 0;
    }
  }
}
