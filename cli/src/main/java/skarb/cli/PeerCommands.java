package skarb.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.CommandFailedException;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.AddPeerRequest;
import skarb.v1.GetReplicationStatusRequest;
import skarb.v1.GetReplicationStatusResponse;
import skarb.v1.ListPeersRequest;
import skarb.v1.PausePeerRequest;
import skarb.v1.Peer;
import skarb.v1.PeerReport;
import skarb.v1.PeersGrpc;
import skarb.v1.RemovePeerRequest;
import skarb.v1.ReplicationGrpc;
import skarb.v1.ResumePeerRequest;

/// The commands below `skarb peers` that say whom a node dials.
final class PeerCommands {
  private PeerCommands() {}

  private static Map<String, Object> fields(Peer peer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("siteId", peer.getSiteId());
    fields.put("name", peer.getName());
    fields.put("address", peer.getAddress());
    fields.put("paused", peer.getPaused());
    fields.put("bytesPerSecond", peer.getBytesPerSecond());
    return fields;
  }

  private static String line(Peer peer) {
    return "%-16s %s  %-24s %s%s"
        .formatted(
            peer.getName(),
            peer.getSiteId(),
            peer.getAddress(),
            peer.getPaused() ? "paused" : "dialled",
            peer.getBytesPerSecond() == 0
                ? ""
                : ", at most " + peer.getBytesPerSecond() + " bytes a second");
  }

  private static void print(NodeOptions options, Peer peer) {
    options.out().println(options.json() ? Json.report(fields(peer)) : line(peer));
  }

  /// `skarb peers add`.
  @Command(
      name = "add",
      description =
          "Dial a site that is a member of the realm, or change how. 'skarb peers join' does this and more.",
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(index = "0", paramLabel = "NAME", description = "What to call it.")
    private String name;

    @Parameters(index = "1", paramLabel = "HOST:PORT", description = "Its peer address.")
    private String address;

    @Option(
        names = "--site-id",
        required = true,
        paramLabel = "ID",
        description = "Its site's id, 8 hex digits, as 'skarb status' says it there.")
    private String siteId;

    @Option(
        names = "--bytes-per-second",
        paramLabel = "N",
        description = "The most to move, both ways together; 16384 or more (default: no cap).")
    private long bytesPerSecond;

    @Override
    public Integer call() throws Exception {
      try (NodeConnection node = options.open()) {
        Peer added =
            PeersGrpc.newBlockingStub(node.channel())
                .addPeer(
                    AddPeerRequest.newBuilder()
                        .setPeer(
                            Peer.newBuilder()
                                .setSiteId(siteId)
                                .setName(name)
                                .setAddress(address)
                                .setBytesPerSecond(bytesPerSecond))
                        .build())
                .getPeer();
        print(options, added);
      }
      return 0;
    }
  }

  /// `skarb peers remove`.
  @Command(
      name = "remove",
      description = "Dial a peer no more. It stays a member of the realm.",
      mixinStandardHelpOptions = true)
  static final class Remove implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(paramLabel = "PEER", description = "Its name or its site's id.")
    private String peer;

    @Override
    public Integer call() throws Exception {
      try (NodeConnection node = options.open()) {
        Object _ =
            PeersGrpc.newBlockingStub(node.channel())
                .removePeer(RemovePeerRequest.newBuilder().setPeer(peer).build());
      }
      if (options.json()) {
        options.out().println(Json.report(Map.of("removed", peer)));
      }
      return 0;
    }
  }

  /// `skarb peers list`.
  @Command(
      name = "list",
      description = "The peers that this node dials.",
      mixinStandardHelpOptions = true)
  static final class ListAll implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public Integer call() throws Exception {
      List<Peer> peers = new ArrayList<>();
      try (NodeConnection node = options.open()) {
        peers.addAll(
            PeersGrpc.newBlockingStub(node.channel())
                .listPeers(ListPeersRequest.getDefaultInstance())
                .getPeersList());
      }
      if (options.json()) {
        List<Map<String, Object>> rows = peers.stream().map(PeerCommands::fields).toList();
        options.out().println(Json.report(Map.of("peers", rows)));
      } else {
        peers.forEach(peer -> options.out().println(line(peer)));
      }
      return 0;
    }
  }

  /// `skarb peers status`.
  @Command(
      name = "status",
      description = "How the exchange with one peer goes, or with all.",
      mixinStandardHelpOptions = true)
  static final class Status implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(
        arity = "0..1",
        paramLabel = "PEER",
        description = "Its name or its site's id (default: all).")
    private @Nullable String peer;

    @Override
    public Integer call() throws Exception {
      GetReplicationStatusResponse status;
      try (NodeConnection node = options.open()) {
        status =
            ReplicationGrpc.newBlockingStub(node.channel())
                .getStatus(GetReplicationStatusRequest.getDefaultInstance());
      }
      List<PeerReport> found =
          status.getPeersList().stream()
              .filter(each ->
                  peer == null || each.getName().equals(peer) || each.getSiteId().equals(peer))
              .toList();
      if (peer != null && found.isEmpty()) {
        throw new CommandFailedException("there is no peer or member " + peer);
      }
      if (options.json()) {
        List<Map<String, Object>> rows = found.stream().map(ReplicationReport::fields).toList();
        options.out().println(Json.report(Map.of("peers", rows)));
      } else {
        found.forEach(each -> ReplicationReport.print(options.out(), each));
      }
      return 0;
    }
  }

  /// `skarb peers pause`.
  @Command(
      name = "pause",
      description = "End the exchange with a peer until it is resumed, over restarts too.",
      mixinStandardHelpOptions = true)
  static final class Pause implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(paramLabel = "PEER", description = "Its name or its site's id.")
    private String peer;

    @Override
    public Integer call() throws Exception {
      try (NodeConnection node = options.open()) {
        print(
            options,
            PeersGrpc.newBlockingStub(node.channel())
                .pausePeer(PausePeerRequest.newBuilder().setPeer(peer).build())
                .getPeer());
      }
      return 0;
    }
  }

  /// `skarb peers resume`.
  @Command(
      name = "resume",
      description = "Take up the exchange with a peer again.",
      mixinStandardHelpOptions = true)
  static final class Resume implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Parameters(paramLabel = "PEER", description = "Its name or its site's id.")
    private String peer;

    @Override
    public Integer call() throws Exception {
      try (NodeConnection node = options.open()) {
        print(
            options,
            PeersGrpc.newBlockingStub(node.channel())
                .resumePeer(ResumePeerRequest.newBuilder().setPeer(peer).build())
                .getPeer());
      }
      return 0;
    }
  }
}
