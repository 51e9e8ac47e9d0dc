package skarb.cli.objects;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
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
import skarb.cli.output.CommandFailedException;
import skarb.cli.output.Json;
import skarb.cli.wiring.StoreConnection;
import skarb.client.DeleteItem;
import skarb.client.DeleteOptions;
import skarb.client.DeleteOutcome;
import skarb.client.ListOptions;
import skarb.client.ObjectInfo;
import skarb.client.SkarbClient;
import skarb.client.SkarbException;

/// `skarb rm`: objects, or all below a folder.
@Command(
    name = "rm",
    description = {
      "Delete objects. That one is not there is no failure. In a bucket that keeps versions a delete marker is written,",
      "unless a version is named."
    },
    mixinStandardHelpOptions = true)
public final class RmCommand implements Callable<Integer> {
  private static final int BATCH = 1000;

  @Mixin private StoreOptions store;

  @Parameters(
      arity = "1..*",
      paramLabel = "s3://BUCKET/KEY",
      converter = StorePath.Converter.class,
      description = "The objects, or with --recursive the folders; s3:// may be left out.")
  private List<StorePath> paths;

  @Option(names = "--recursive", description = "All below these folders, or of these buckets.")
  private boolean recursive;

  @Option(
      names = "--version-id",
      paramLabel = "ID",
      description = "Remove this version of the one object, for good.")
  private @Nullable String versionId;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  private long deleted;

  @Override
  public Integer call() throws Exception {
    String version = versionId;
    if (version != null && (recursive || paths.size() > 1)) {
      throw new CommandFailedException("--version-id goes with one object");
    }
    if (!recursive) {
      for (StorePath path : paths) {
        if (path.key().isEmpty()) {
          throw new CommandFailedException(
              path + " is a bucket: add --recursive to empty it, or use 'skarb buckets delete'");
        }
      }
    }
    DeleteOptions options =
        version == null ? DeleteOptions.none() : DeleteOptions.none().withVersion(version);
    Troubles troubles = new Troubles(spec);
    try (StoreConnection open = store.open()) {
      for (StorePath path : paths) {
        try (Stream<DeleteItem> items = items(open.client(), path, options)) {
          delete(open.client(), path.bucket(), items.iterator(), troubles);
        } catch (SkarbException e) {
          troubles.add(path.toString(), e);
        }
      }
    }
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("deleted", deleted);
      fields.put("failed", troubles.count());
      spec.commandLine().getOut().println(Json.report(fields));
    }
    return troubles.exitCode();
  }

  private Stream<DeleteItem> items(SkarbClient client, StorePath path, DeleteOptions options) {
    return recursive
        ? client
            .list(path.bucket(), ListOptions.prefix(path.asFolder().key()))
            .map(ObjectInfo::key)
            .map(DeleteItem::ofKey)
        : Stream.of(new DeleteItem(path.key(), options));
  }

  private void delete(
      SkarbClient client, String bucket, Iterator<DeleteItem> items, Troubles troubles) {
    List<DeleteItem> batch = new ArrayList<>();
    while (items.hasNext()) {
      batch.add(items.next());
      if (batch.size() == BATCH || !items.hasNext()) {
        client.deleteAll(bucket, batch).forEach(outcome -> tell(bucket, outcome, troubles));
        batch.clear();
      }
    }
  }

  private void tell(String bucket, DeleteOutcome outcome, Troubles troubles) {
    StorePath path = new StorePath(bucket, outcome.item().key());
    switch (outcome) {
      case DeleteOutcome.Deleted _ -> {
        deleted++;
        if (!json) {
          spec.commandLine().getOut().println("deleted " + path);
        }
      }
      case DeleteOutcome.Failed failed -> troubles.add(path.toString(), failed.message());
    }
  }
}
