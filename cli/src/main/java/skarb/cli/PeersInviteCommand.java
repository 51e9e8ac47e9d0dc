package skarb.cli;

import com.google.protobuf.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.PeersGrpc;
import skarb.v1.PeersInviteRequest;
import skarb.v1.PeersInviteResponse;

/// `skarb peers invite`: one line with which another site joins.
@Command(
    name = "invite",
    description = {
      "Print one line with which another site joins this one's realm, once:",
      "  skarb peers join LINE --data THE_OTHER",
      "Whoever has the line may join: treat it as a secret until it is used."
    },
    mixinStandardHelpOptions = true)
final class PeersInviteCommand implements Callable<Integer> {
  @Mixin private NodeOptions options;

  @Option(
      names = "--ttl",
      defaultValue = "1h",
      converter = TokenCommand.Ttl.class,
      description = "How long it holds: a number with s, m, h or d (default: ${DEFAULT-VALUE}).")
  private java.time.Duration ttl;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      defaultValue = "",
      description =
          "Where the other site reaches this one (default: the server's --peer-address, or where it listens).")
  private String address;

  @Override
  public Integer call() throws Exception {
    PeersInviteResponse invited;
    try (NodeConnection node = options.open()) {
      invited =
          PeersGrpc.newBlockingStub(node.channel())
              .invite(
                  PeersInviteRequest.newBuilder()
                      .setTtl(Duration.newBuilder().setSeconds(ttl.toSeconds()))
                      .setAddress(address)
                      .build());
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("invitation", invited.getInvitation());
    fields.put("expires", Instant.ofEpochSecond(invited.getExpires().getSeconds()).toString());
    options.out().println(options.json() ? Json.report(fields) : invited.getInvitation());
    return 0;
  }
}
