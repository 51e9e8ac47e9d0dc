package skarb.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.GetReplicationStatusRequest;
import skarb.v1.GetReplicationStatusResponse;
import skarb.v1.ListPendingRequest;
import skarb.v1.ListPendingResponse;
import skarb.v1.PendingReport;
import skarb.v1.ReplicationGrpc;

/// `skarb replication`: how far sites are from each other.
@Command(
    name = "replication",
    description = "How far this site and others are from each other.",
    mixinStandardHelpOptions = true,
    subcommands = {ReplicationCommand.Status.class, ReplicationCommand.Pending.class})
final class ReplicationCommand {

  /// `skarb replication status`.
  @Command(
      name = "status",
      description =
          "Per peer: entries, bytes and seconds behind, and what is pending. All zero means equal; a question mark,"
              + " or null, means not known.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public Integer call() throws Exception {
      GetReplicationStatusResponse status;
      try (NodeConnection node = options.open()) {
        status =
            ReplicationGrpc.newBlockingStub(node.channel())
                .getStatus(GetReplicationStatusRequest.getDefaultInstance());
      }
      PrintWriter out = options.out();
      if (options.json()) {
        out.println(Json.report(ReplicationReport.fields(status)));
      } else {
        ReplicationReport.print(out, status);
      }
      return 0;
    }
  }

  /// `skarb replication pending`.
  @Command(
      name = "pending",
      description = "Entries of other sites that are kept here and cannot act yet.",
      mixinStandardHelpOptions = true)
  static final class Pending implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "1000",
        description = "The most to show (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws Exception {
      Pages<PendingReport> found;
      try (NodeConnection node = options.open()) {
        ReplicationGrpc.ReplicationBlockingStub replication =
            ReplicationGrpc.newBlockingStub(node.channel());
        found =
            Pages.upTo(
                limit,
                token -> {
                  ListPendingResponse page =
                      replication.listPending(
                          ListPendingRequest.newBuilder().setPageToken(token).build());
                  return new Pages.Page<>(page.getEntriesList(), page.getNextPageToken());
                });
      }
      PrintWriter out = options.out();
      if (options.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("entries", found.shown().stream().map(Pending::fields).toList());
        fields.put("more", found.more());
        out.println(Json.report(fields));
        return 0;
      }
      for (PendingReport each : found.shown()) {
        out.printf(
            "%s/%d of site %s, stamp %s, %s: %s%n",
            each.getOrigin(),
            each.getSequence(),
            each.getSiteId(),
            ReplicationReport.text(each.getStamp()),
            reason(each).replace('_', ' '),
            String.join(", ", each.getEffectsList()));
      }
      if (found.more()) {
        out.println("and more");
      }
      return 0;
    }

    private static String reason(PendingReport entry) {
      return ReplicationReport.name("PENDING_REASON_", entry.getReason());
    }

    private static Map<String, Object> fields(PendingReport entry) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("siteId", entry.getSiteId());
      fields.put("origin", entry.getOrigin());
      fields.put("sequence", entry.getSequence());
      fields.put("stamp", ReplicationReport.text(entry.getStamp()));
      fields.put("reason", reason(entry));
      fields.put("size", entry.getSize());
      fields.put("effects", List.copyOf(entry.getEffectsList()));
      return fields;
    }
  }
}
