package skarb.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.Conflict;
import skarb.v1.ConflictChoice;
import skarb.v1.CurrentObject;
import skarb.v1.GetConflictRequest;
import skarb.v1.ListConflictsRequest;
import skarb.v1.ListConflictsResponse;
import skarb.v1.ReplicationGrpc;
import skarb.v1.ResolveConflictRequest;
import skarb.v1.ResolveConflictResponse;

/// `skarb conflicts`: bodies that lost to writes or deletes that had not seen them.
@Command(
    name = "conflicts",
    description =
        "Bodies that lost to a write or a delete of another site that had not seen them, and are kept.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ConflictsCommand.ListAll.class,
      ConflictsCommand.Show.class,
      ConflictsCommand.Resolve.class
    })
final class ConflictsCommand {

  private static Map<String, Object> fields(Conflict conflict) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bucket", conflict.getBucket());
    fields.put("key", conflict.getKey());
    fields.put("versionId", conflict.getVersionId());
    fields.put("size", conflict.getSize());
    fields.put("etag", conflict.getEtag());
    fields.put("modified", ReplicationReport.text(conflict.getModified()));
    fields.put("siteId", conflict.getSiteId());
    fields.put("winnerSiteId", conflict.getWinnerSiteId());
    fields.put("complete", conflict.getComplete());
    if (conflict.hasCurrent()) {
      CurrentObject current = conflict.getCurrent();
      Map<String, Object> now = new LinkedHashMap<>();
      now.put("versionId", current.getVersionId());
      now.put("deleteMarker", current.getDeleteMarker());
      now.put("size", current.getSize());
      now.put("etag", current.getEtag());
      now.put("modified", ReplicationReport.text(current.getModified()));
      fields.put("current", now);
    } else {
      fields.put("current", null);
    }
    return fields;
  }

  /// `skarb conflicts list`.
  @Command(name = "list", description = "List them.", mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(
        names = "--bucket",
        paramLabel = "B",
        defaultValue = "",
        description = "Only those of this bucket.")
    private String bucket;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "1000",
        description = "The most to show (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws Exception {
      Pages<Conflict> found;
      try (NodeConnection node = options.open()) {
        ReplicationGrpc.ReplicationBlockingStub replication =
            ReplicationGrpc.newBlockingStub(node.channel());
        found =
            Pages.upTo(
                limit,
                token -> {
                  ListConflictsResponse page =
                      replication.listConflicts(
                          ListConflictsRequest.newBuilder()
                              .setBucket(bucket)
                              .setPageToken(token)
                              .build());
                  return new Pages.Page<>(page.getConflictsList(), page.getNextPageToken());
                });
      }
      PrintWriter out = options.out();
      if (options.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("conflicts", found.shown().stream().map(ConflictsCommand::fields).toList());
        fields.put("more", found.more());
        out.println(Json.report(fields));
        return 0;
      }
      for (Conflict each : found.shown()) {
        out.printf(
            "%s/%s  %s  %d bytes, written %s at site %s%n",
            each.getBucket(),
            each.getKey(),
            each.getVersionId(),
            each.getSize(),
            ReplicationReport.text(each.getModified()),
            each.getSiteId());
      }
      if (found.more()) {
        out.println("and more");
      }
      return 0;
    }
  }

  /// `skarb conflicts show`.
  @Command(
      name = "show",
      description = "Show one. Its body is read as a version: GET with versionId.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
    private String bucket;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key;

    @Parameters(index = "2", paramLabel = "VERSION_ID", description = "The kept body's version id.")
    private String versionId;

    @Override
    public Integer call() throws Exception {
      Conflict conflict;
      try (NodeConnection node = options.open()) {
        conflict =
            ReplicationGrpc.newBlockingStub(node.channel())
                .getConflict(
                    GetConflictRequest.newBuilder()
                        .setBucket(bucket)
                        .setKey(key)
                        .setVersionId(versionId)
                        .build())
                .getConflict();
      }
      PrintWriter out = options.out();
      if (options.json()) {
        out.println(Json.report(fields(conflict)));
      } else {
        fields(conflict).forEach((name, value) -> out.printf("%-14s %s%n", name, value));
      }
      return 0;
    }
  }

  /// `skarb conflicts resolve`.
  @Command(
      name = "resolve",
      description = "Settle one, on all sites.",
      mixinStandardHelpOptions = true)
  static final class Resolve implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
    private String bucket;

    @Parameters(index = "1", paramLabel = "KEY", description = "The key.")
    private String key;

    @Parameters(index = "2", paramLabel = "VERSION_ID", description = "The kept body's version id.")
    private String versionId;

    @Option(
        names = "--keep",
        required = true,
        paramLabel = "winner|loser",
        description =
            "winner: what is there stays, and the kept body is let go. loser: the kept body is written again, as the"
                + " newest write of the key.")
    private Keep keep;

    /// Which of the two.
    enum Keep {
      /// What won.
      WINNER,
      /// What is kept.
      LOSER
    }

    @Override
    public Integer call() throws Exception {
      ResolveConflictResponse response;
      try (NodeConnection node = options.open()) {
        response =
            ReplicationGrpc.newBlockingStub(node.channel())
                .resolveConflict(
                    ResolveConflictRequest.newBuilder()
                        .setBucket(bucket)
                        .setKey(key)
                        .setVersionId(versionId)
                        .setChoice(
                            keep == Keep.WINNER
                                ? ConflictChoice.CONFLICT_CHOICE_KEEP_WINNER
                                : ConflictChoice.CONFLICT_CHOICE_RESTORE_LOSER)
                        .build());
      }
      if (options.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kept", keep == Keep.WINNER ? "winner" : "loser");
        fields.put("restoredVersionId", response.getRestoredVersionId());
        options.out().println(Json.report(fields));
      } else if (!response.getRestoredVersionId().isEmpty()) {
        options.out().println("written again as version " + response.getRestoredVersionId());
      }
      return 0;
    }
  }
}
