package skarb.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.Peer;
import skarb.v1.PeersGrpc;
import skarb.v1.PeersJoinRequest;

/// `skarb peers join`: takes an invitation.
@Command(
    name = "join",
    description = {
      "Join the realm of the site that made an invitation. This store keeps what it holds and sends it; a server that",
      "holds it is asked to, and need not be restarted."
    },
    mixinStandardHelpOptions = true)
final class PeersJoinCommand implements Callable<Integer> {
  @Parameters(paramLabel = "LINE", description = "What 'skarb peers invite' printed there.")
  private String line;

  @Mixin private NodeOptions options;

  @Override
  public Integer call() throws Exception {
    Peer peer;
    try (NodeConnection node = options.open()) {
      peer =
          PeersGrpc.newBlockingStub(node.channel())
              .join(PeersJoinRequest.newBuilder().setInvitation(line).build())
              .getPeer();
    }
    if (options.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("site_id", peer.getSiteId());
      fields.put("name", peer.getName());
      fields.put("address", peer.getAddress());
      options.out().println(Json.report(fields));
    } else {
      options
          .out()
          .println(
              "joined the realm of site "
                  + peer.getName()
                  + " ("
                  + peer.getSiteId()
                  + "), which is dialled at "
                  + peer.getAddress());
    }
    return 0;
  }
}
