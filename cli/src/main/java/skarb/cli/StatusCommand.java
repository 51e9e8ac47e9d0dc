package skarb.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.AdminGrpc;
import skarb.v1.GetStatusRequest;
import skarb.v1.GetStatusResponse;

/// `skarb status`: how a node is.
@Command(
    name = "status",
    description = "Print the state of a node in figures.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private NodeOptions options;

  @Override
  public Integer call() throws Exception {
    GetStatusResponse status;
    try (NodeConnection node = options.open()) {
      status =
          AdminGrpc.newBlockingStub(node.channel())
              .getStatus(GetStatusRequest.getDefaultInstance());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", status.getVersion());
    fields.put("site_name", status.getSiteName());
    fields.put("site_id", status.getSiteId());
    fields.put("started", Instant.ofEpochSecond(status.getStarted().getSeconds()).toString());
    fields.put("accepts_writes", status.getAcceptsWrites());
    fields.put("writes_refused_because", status.getWritesRefusedBecause());
    fields.put("journal_batch", status.getJournalBatch());
    fields.put("journal_bytes", status.getJournalBytes());
    fields.put("segment_bytes", status.getSegmentBytes());
    fields.put("index_rows", status.getIndexRows());
    fields.put("state_digest", status.getStateDigest());
    fields.put("recovery_notes", status.getRecoveryNotesList());
    if (options.json()) {
      options.out().println(Json.report(fields));
    } else {
      fields.forEach(
          (name, value) -> options.out().printf("%-24s %s%n", name.replace('_', ' '), value));
    }
    return 0;
  }
}
