package skarb.node.service;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import skarb.node.access.AccessKeys;
import skarb.node.access.Authorizer;
import skarb.node.access.CallSignature;
import skarb.node.access.CatalogAccessKeys;
import skarb.node.access.NodeSecrets;
import skarb.node.access.SecretBox;
import skarb.node.access.SignatureVerifier;
import skarb.node.access.Tokens;
import skarb.node.access.TransportIdentity;
import skarb.node.commit.CommitConfig;
import skarb.node.commit.CommitPipeline;
import skarb.node.content.BodyBudget;
import skarb.node.content.ContentConfig;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.index.Catalog;
import skarb.node.index.MemoryIndex;
import skarb.node.journal.FileJournal;
import skarb.node.journal.JournalConfig;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.model.StoreId;
import skarb.node.oplog.RecentBatches;
import skarb.node.oplog.Replication;
import skarb.node.oplog.SiteIdentity;
import skarb.node.peers.LinkStatuses;
import skarb.node.peers.PeerRegistry;
import skarb.node.recovery.Recovery;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.ChunkStoreConfig;
import skarb.v1.AccessGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CallContext;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateTokenRequest;
import skarb.v1.GetStatusResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ObjectsGrpc;

/// A whole node on a temporary folder, with everything real but the index, which is in memory.
final class NodeFixture implements AutoCloseable {
  static final String SECRET = "a secret of some length";

  final Path directory;
  final Seams seams;
  final BodyBudget budget = new BodyBudget(16 << 20);
  final ChunkStore chunks;
  final CommitPipeline commits;
  final AccessKeys keys;
  final Server network;
  final String operatorToken;
  private final AtomicLong skippedNanos = new AtomicLong();
  private final AtomicInteger downloads = new AtomicInteger();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final InProcessDoor gatewayDoor;
  private final InProcessDoor operatorDoor;
  private final List<ManagedChannel> channels = new ArrayList<>();
  private FileJournal journal;

  NodeFixture(Path directory) throws IOException {
    this.directory = directory;
    seams =
        new Seams(
            InstantSource.system(),
            () -> System.nanoTime() + skippedNanos.get(),
            this::counted,
            timer,
            new SecureRandom());
    Path journalFolder = Files.createDirectories(directory.resolve("journal"));
    NodeSecrets secrets =
        NodeSecrets.open(directory, !Files.exists(directory.resolve("node.key")), seams.random());
    operatorToken = Files.readString(directory.resolve("operator-token")).strip();
    StoreId store = StoreId.of(new byte[16]);
    chunks =
        ChunkStore.open(
            seams,
            ChunkStoreConfig.standard(),
            store,
            directory.resolve("segments"),
            number -> journal.fileOf(number),
            new DiskSpaceGuard(
                directory, 1 << 20, 64 << 20, Duration.ofSeconds(1), seams.nanoTime()));
    journal =
        FileJournal.open(
            journalFolder, store, seams, new JournalConfig(16 << 20, true), chunks::addPlace);
    MemoryIndex index =
        (MemoryIndex) new Recovery(journal, indexes(), (batch, last) -> {}).recover().index();
    RecentBatches recent = new RecentBatches(journal.lastBatch(), 1 << 20);
    commits =
        new CommitPipeline(
            seams,
            CommitConfig.of(new SiteId(7), "site-a"),
            journal,
            index,
            chunks::addPlace,
            recent);
    Catalog catalog = new Catalog(index);
    Replication replication =
        new Replication(
            seams,
            new SiteIdentity(
                new SiteId(7),
                "site-a",
                ByteString.copyFrom(secrets.realmId()),
                ByteString.copyFrom(new byte[16])),
            catalog,
            journal,
            recent,
            commits,
            chunks);
    keys = new CatalogAccessKeys(catalog);
    SecretBox box = new SecretBox(secrets.realmKeys(), seams.random());
    SignatureVerifier verifier = new SignatureVerifier(keys, box);
    Tokens tokens = new Tokens(secrets.nodeKey(), seams.clock(), seams.random());
    Authorizer authorizer =
        new Authorizer(
            keys, new CallSignature(verifier, seams.clock()), tokens, secrets.operatorToken());
    PeerRegistry peers = PeerRegistry.open(directory, new SiteId(7));
    CallLimits limits = CallLimits.usual();
    Bodies bodies = new Bodies(seams, ContentConfig.standard(), chunks, budget);
    GrpcServers servers =
        new GrpcServers(
            seams,
            authorizer,
            limits,
            List.of(
                new ObjectsService(seams, limits, index, bodies, commits),
                new MultipartService(seams, limits, index, bodies, commits),
                new BucketsService(catalog, commits),
                new OplogService(replication),
                new ChunksService(seams, chunks, replication.missing()),
                new CertificatesService(
                    new skarb.node.certs.SiteCertificates(
                        directory, secrets.nodeKey(), new SiteId(7), "site-a", seams)),
                new PeersService(peers),
                new ReplicationService(
                    replication, index, peers, LinkStatuses.NONE, commits, BodyWait.NONE),
                new AccessService(keys, box, verifier, tokens, commits, seams.random()),
                new AdminService(
                    "test",
                    limits,
                    GetStatusResponse::getDefaultInstance,
                    commits,
                    new Catalog(index))));
    network =
        servers
            .network(
                new ListenConfig(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()))
            .start();
    gatewayDoor = servers.inProcess(TransportIdentity.GATEWAY);
    operatorDoor = servers.inProcess(TransportIdentity.OPERATOR);
    gatewayDoor.server().start();
    operatorDoor.server().start();
    servers.setServing(true);
  }

  /// Counts the threads that a download takes by what they run.
  private Thread counted(Runnable task) {
    boolean download = task.getClass().getName().contains(ObjectsService.class.getSimpleName());
    return Thread.ofVirtual()
        .unstarted(() -> {
          downloads.addAndGet(download ? 1 : 0);
          try {
            task.run();
          } finally {
            downloads.addAndGet(download ? -1 : 0);
          }
        });
  }

  private static Recovery.IndexSource indexes() {
    return new Recovery.IndexSource() {
      @Override
      public MemoryIndex open() {
        return new MemoryIndex();
      }

      @Override
      public MemoryIndex recreate() {
        return new MemoryIndex();
      }
    };
  }

  /// Makes a key with [#SECRET].
  KeyInfo createKey(String accessKeyId, KeyRole role) {
    return AccessGrpc.newBlockingStub(operator())
        .createKey(
            CreateKeyRequest.newBuilder()
                .setAccessKeyId(accessKeyId)
                .setSecretKey(SECRET)
                .setRole(role)
                .setIfAbsent(true)
                .build())
        .getKey();
  }

  /// A bearer token for a key.
  String tokenFor(String accessKeyId) {
    return AccessGrpc.newBlockingStub(operator())
        .createToken(CreateTokenRequest.newBuilder().setAccessKeyId(accessKeyId).build())
        .getToken();
  }

  /// Lets time pass for those who measure it; timers do not notice.
  void skip(Duration time) {
    skippedNanos.addAndGet(time.toNanos());
  }

  /// Bytes of the journal and the segments.
  long bytesWritten() {
    return journal.bytes() + chunks.bytes();
  }

  /// Threads of downloads that read or wait for their readers.
  int threadsReading() {
    return downloads.get();
  }

  /// A gateway that speaks for a key.
  Channel gatewayFor(KeyInfo key) {
    return ServerFixture.withContext(
        gateway(),
        CallContext.newBuilder()
            .setAccessKeyId(key.getAccessKeyId())
            .setKeyGeneration(key.getGeneration())
            .build());
  }

  ObjectsGrpc.ObjectsBlockingStub objects(KeyInfo key) {
    return ObjectsGrpc.newBlockingStub(gatewayFor(key));
  }

  CreateBucketResponse createBucket(KeyInfo owner, String name) {
    return BucketsGrpc.newBlockingStub(gatewayFor(owner))
        .create(CreateBucketRequest.newBuilder().setName(name).build());
  }

  Channel gateway() {
    return keep(gatewayDoor.channel());
  }

  Channel operator() {
    return keep(operatorDoor.channel());
  }

  Channel networkChannel() {
    return keep(
        NettyChannelBuilder.forAddress("127.0.0.1", network.getPort()).usePlaintext().build());
  }

  private Channel keep(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  @Override
  public void close() throws IOException {
    channels.forEach(ManagedChannel::shutdownNow);
    for (Server server : List.of(network, gatewayDoor.server(), operatorDoor.server())) {
      server.shutdownNow();
    }
    commits.close();
    chunks.close();
    timer.shutdownNow();
  }
}
