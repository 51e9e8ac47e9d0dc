package skarb.node;

import com.google.common.net.HostAndPort;
import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import skarb.node.access.TransportIdentity;
import skarb.node.certs.PeerDialer;
import skarb.node.certs.PeerTls;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.peers.LinkBoard;
import skarb.node.peers.PeerRegistry;
import skarb.node.service.GrpcServers;
import skarb.node.service.InProcessDoor;
import skarb.v1.GetStatusResponse;

/// The storage node: its parts put together from the disk upwards, opened in that order and closed
/// in reverse.
///
/// Two doors lead in from this process: one whose caller is a gateway, one whose caller is an
/// operator. On the network it listens only where it was told to.
public final class Node implements AutoCloseable {
  private final Storage storage;
  private final Seams seams;
  private final GrpcServers servers;
  private final InProcessDoor gatewayDoor;
  private final InProcessDoor operatorDoor;
  private final LinkBoard links;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final @Nullable Server network;
  private final @Nullable Server peerServer;
  private boolean closed;

  private Node(
      Storage storage,
      Seams seams,
      Services.Served served,
      InProcessDoor gatewayDoor,
      InProcessDoor operatorDoor,
      LinkBoard links,
      @Nullable Server network,
      @Nullable Server peerServer) {
    this.storage = storage;
    this.seams = seams;
    this.servers = served.servers();
    this.gatewayDoor = gatewayDoor;
    this.operatorDoor = operatorDoor;
    this.links = links;
    this.network = network;
    this.peerServer = peerServer;
  }

  /// The program's version, from the jar's manifest; `dev` where classes run unpacked.
  public static String version() {
    String version = Node.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  /// Opens a store, recovers it and serves it.
  ///
  /// @param progress takes lines for people while a long recovery goes on, and what it mended
  /// @throws DataDirectoryException if the folder cannot be had
  /// @throws IOException if what lies in it cannot be used, or the address cannot be had
  public static Node open(NodeConfig config, Seams seams, Consumer<String> progress)
      throws IOException {
    Storage storage = Storage.open(config, seams, progress);
    try {
      return serve(config, seams, storage);
    } catch (IOException | RuntimeException e) {
      try {
        storage.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  private static Node serve(NodeConfig config, Seams seams, Storage storage) throws IOException {
    Instant started = seams.clock().instant();
    LinkBoard links = new LinkBoard();
    Services.Served served =
        Services.over(
            storage,
            config.storage().content(),
            seams,
            () -> status(storage, started),
            links,
            Runtime.getRuntime().maxMemory());
    GrpcServers servers = served.servers();
    InProcessDoor gateway = servers.inProcess(TransportIdentity.GATEWAY);
    InProcessDoor operator = servers.inProcess(TransportIdentity.OPERATOR);
    gateway.server().start();
    operator.server().start();
    Server network = null;
    Server peers = null;
    try {
      if (config.listen().isPresent()) {
        storage.certificates().start(reachableHost(config));
        network = servers.network(config.listen().get());
        listen(network, config.listen().get().address());
      }
      if (config.peers().isPresent()) {
        storage.certificates().ensure();
        InetSocketAddress address = config.peers().get().address();
        PeerTls tls = new PeerTls(storage.certificates(), seams.clock());
        peers = servers.peers(address, tls.listener(), served.forPeers());
        listen(peers, address);
        served.realm().address().is(reachableAt(config.peers().get(), peers));
      }
      served.joiner().resume();
    } catch (IOException | RuntimeException e) {
      Stream.of(gateway.server(), operator.server(), network, peers)
          .filter(Objects::nonNull)
          .forEach(Server::shutdownNow);
      throw e;
    }
    storage.replication().start();
    servers.setServing(true);
    return new Node(storage, seams, served, gateway, operator, links, network, peers);
  }

  private static void listen(Server server, InetSocketAddress address) throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen at "
              + HostAndPort.fromParts(address.getHostString(), address.getPort())
              + ": "
              + cause(e),
          e);
    }
  }

  /// Where others reach the listener; empty where only people can say.
  private static String reachableAt(NodeConfig.PeerListen config, Server peers) {
    InetAddress address = config.address().getAddress();
    if (!config.reachableAt().isEmpty() || address == null || address.isAnyLocalAddress()) {
      return config.reachableAt();
    }
    return HostAndPort.fromParts(address.getHostAddress(), peers.getPort()).toString();
  }

  private static String reachableHost(NodeConfig config) {
    if (config.peers().isEmpty()) {
      return "";
    }
    NodeConfig.PeerListen listen = config.peers().get();
    if (!listen.reachableAt().isEmpty()) {
      return HostAndPort.fromString(listen.reachableAt()).getHost();
    }
    InetAddress address = listen.address().getAddress();
    return address == null || address.isAnyLocalAddress() ? "" : address.getHostAddress();
  }

  private static @Nullable String cause(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() : cause(cause);
  }

  private static GetStatusResponse status(Storage storage, Instant started) {
    Optional<String> refused =
        storage
            .commits()
            .stopped()
            .map(Throwable::getMessage)
            .or(() -> storage.chunks().failure().map(failure -> "segments: " + failure));
    return GetStatusResponse.newBuilder()
        .setVersion(version())
        .setSiteName(storage.data().identity().siteName())
        .setSiteId(storage.data().identity().siteId().toString())
        .setStarted(Timestamp.newBuilder().setSeconds(started.getEpochSecond()))
        .setAcceptsWrites(refused.isEmpty())
        .setWritesRefusedBecause(refused.orElse(""))
        .setJournalBatch(storage.journal().lastBatch())
        .setJournalBytes(storage.journal().bytes())
        .setSegmentBytes(storage.chunks().bytes())
        .setIndexRows(storage.index().rowCount())
        .setStateDigest(storage.index().digest().toString())
        .addAllRecoveryNotes(storage.notes())
        .build();
  }

  /// A channel on which the caller is a gateway. Closed with the node.
  public ManagedChannel gatewayChannel() {
    return channel(gatewayDoor);
  }

  /// A channel on which the caller is an operator. Closed with the node.
  public ManagedChannel operatorChannel() {
    return channel(operatorDoor);
  }

  private ManagedChannel channel(InProcessDoor door) {
    ManagedChannel channel = door.channel();
    channels.add(channel);
    return channel;
  }

  /// Where it listens on the network.
  ///
  /// @throws IllegalStateException if it does not
  public InetSocketAddress grpcAddress() {
    if (network == null) {
      throw new IllegalStateException("this node does not listen on the network");
    }
    return (InetSocketAddress) network.getListenSockets().getFirst();
  }

  /// Makes a new certificate for this site where it is time, as is done every hour.
  public void renewCertificates() {
    storage.certificates().renewIfDue();
  }

  /// Where it serves other sites; empty where none come here.
  public Optional<InetSocketAddress> peerAddress() {
    return Optional.ofNullable(peerServer)
        .map(server -> (InetSocketAddress) server.getListenSockets().getFirst());
  }

  /// A channel to another site: by this site's certificate, and to that site's alone. The caller
  /// shuts it down.
  ///
  /// @param address `host:port`
  public ManagedChannel peerChannel(String address, SiteId site) throws IOException {
    storage.certificates().ensure();
    return PeerDialer.channel(
        address, new PeerTls(storage.certificates(), seams.clock()).dialer(site), seams);
  }

  /// Tells operators' commands where this server listens: what is written here is what
  /// [DataDirectory#runningServer] gives back. Once only.
  public void publishAddress(String address) throws IOException {
    storage.data().publishAddress(address);
  }

  /// The site's name.
  public String siteName() {
    return storage.data().identity().siteName();
  }

  /// The site's id.
  public SiteId siteId() {
    return storage.data().identity().siteId();
  }

  /// The peers that this node is to exchange entries with by dialling them: whoever drives
  /// exchanges follows it.
  public PeerRegistry peers() {
    return storage.peers();
  }

  /// Where the driver of exchanges says how they go.
  public LinkBoard links() {
    return links;
  }

  /// What recovery found and mended, a line each.
  public List<String> recoveryNotes() {
    return storage.notes();
  }

  /// Takes no more calls and waits for those in flight.
  public void drain(Duration patience) {
    servers.setServing(false);
    List<Server> all = servers();
    all.forEach(Server::shutdown);
    long millis = patience.toMillis() / all.size();
    for (Server server : all) {
      awaitOrCut(server, millis);
    }
  }

  private static void awaitOrCut(Server server, long millis) {
    boolean ended = false;
    try {
      ended = server.awaitTermination(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      server.shutdownNow();
    }
  }

  private List<Server> servers() {
    List<Server> all = new ArrayList<>();
    if (network != null) {
      all.add(network);
    }
    if (peerServer != null) {
      all.add(peerServer);
    }
    all.add(gatewayDoor.server());
    all.add(operatorDoor.server());
    return all;
  }

  /// Cuts what is in flight, commits what was queued, seals the journal and gives the folder free.
  /// Idempotent.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    servers.setServing(false);
    channels.forEach(ManagedChannel::shutdownNow);
    servers().forEach(Server::shutdownNow);
    storage.close();
  }
}
