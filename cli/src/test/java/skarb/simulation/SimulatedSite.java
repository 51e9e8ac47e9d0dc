package skarb.simulation;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.node.StorageConfig;
import skarb.node.content.ContentConfig;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.WholeFile;
import skarb.node.index.Catalog;
import skarb.node.index.LoggedEntry;
import skarb.node.index.MemoryIndex;
import skarb.node.journal.FileJournal;
import skarb.node.journal.JournalConfig;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.model.StoreId;
import skarb.node.recovery.Recovery;
import skarb.node.segment.ChunkStoreConfig;
import skarb.sync.Peer;
import skarb.sync.PeerStatus;
import skarb.sync.PeerSync;
import skarb.sync.SyncSeams;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.disk.SimulatedFileSystem;
import skarb.testkit.net.SimulatedLink;
import skarb.testkit.schedule.SeededScheduler;
import skarb.v1.AdminGrpc;
import skarb.v1.GetStatusRequest;
import skarb.v1.OriginHead;
import skarb.v1.SetMemberRequest;
import skarb.v1.SyncEntry;
import skarb.v1.SyncMessage;
import skarb.v1.SyncRequest;
import skarb.v1.SyncResponse;

/// One site: a disk, a clock, and while it is up a life with a real node and the driver of
/// replication. Each life has threads and timers of its own, so that nothing of it goes on after a
/// crash.
final class SimulatedSite {
  static final JournalConfig SMALL_FILES = new JournalConfig(64 << 10, false);

  private static final ContentConfig SMALL_CHUNKS = new ContentConfig(1024, 512, 1 << 20, 5L << 30);
  private static final ChunkStoreConfig SMALL_SEGMENTS =
      new ChunkStoreConfig(1, 32 << 10, 64, Duration.ofMinutes(10), 8);

  final String name;
  final SiteClock clock;
  SimulatedFileSystem disk = new SimulatedFileSystem();

  /// Where clients come in. It is cut when the site crashes.
  final SimulatedLink door;

  private final SeededScheduler scheduler;
  private final SplittableRandom random;
  private final List<Dial> dials = new ArrayList<>();

  /// All lines that end here: they break when the site dies.
  private final List<SimulatedLink> lines = new ArrayList<>();

  private final List<SimulatedSite> neighbours = new ArrayList<>();
  private volatile @Nullable Life life;
  private volatile boolean closed;
  private volatile String echo = "";
  private volatile boolean gone;
  private SiteId id = new SiteId(0);

  private record Dial(SimulatedSite peer, SimulatedLink line) {}

  SimulatedSite(String name, SeededScheduler scheduler, SplittableRandom random) {
    this.name = name;
    this.scheduler = scheduler;
    this.random = random;
    this.clock = new SiteClock(scheduler.time());
    this.door =
        new SimulatedLink(
            scheduler.time(), scheduler.newTimer(), random.split(), Duration.ZERO, Duration.ZERO);
    disk.beforeEach(operation -> scheduler.pause());
  }

  /// What ends with a crash.
  private final class Life {
    private final ScheduledExecutorService timer = scheduler.newTimer();
    private final MemoryIndex index = new MemoryIndex();
    private final List<PeerSync> syncs = new ArrayList<>();
    private final Node node;
    private final ManagedChannel gateway;
    private final ManagedChannel operator;
    private boolean opened;
    private volatile boolean over;

    Life() throws IOException {
      try {
        node = open();
        gateway = node.gatewayChannel();
        operator = node.operatorChannel();
        opened = true;
      } finally {
        if (!opened) {
          over = true;
          timer.shutdownNow();
        }
      }
    }

    private Node open() throws IOException {
      Seams seams = new Seams(clock, scheduler.time()::nanoTime, threads(), timer, random.split());
      return Node.open(
          new NodeConfig(
              data(),
              Files.exists(data().resolve("store")) ? "" : name,
              Optional.empty(),
              storage()),
          seams,
          line -> scheduler.trace(name + ": " + line));
    }

    /// Nothing of it answers or goes on, and nothing of it is kept by gRPC.
    void end() {
      over = true;
      timer.shutdownNow();
      if (opened) {
        gateway.shutdownNow();
        operator.shutdownNow();
        node.drain(Duration.ZERO);
      }
    }

    private ThreadFactory threads() {
      ThreadFactory made = scheduler.threads(name);
      return task ->
          made.newThread(() -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              if (!over && !disk.faultFired()) {
                throw e;
              }
            }
          });
    }

    private StorageConfig storage() {
      Recovery.IndexSource source =
          new Recovery.IndexSource() {
            @Override
            public MemoryIndex open() {
              return index;
            }

            @Override
            public MemoryIndex recreate() {
              return index;
            }
          };
      return new StorageConfig(
          SMALL_FILES, SMALL_SEGMENTS, SMALL_CHUNKS, 1 << 20, (folder, store, threads) -> source);
    }

    void dial(Dial dial) {
      SyncSeams seams =
          new SyncSeams(clock, scheduler.time()::nanoTime, threads(), timer, random.split());
      PeerSync sync =
          new PeerSync(
              seams,
              door.to(() -> operator),
              new Peer(dial.peer().name, dial.line().to(dial.peer()::operatorOrNull)));
      syncs.add(sync);
      sync.start();
    }
  }

  Path data() {
    return disk.getPath("/data");
  }

  // ---- life and death. To be called in threads of the simulation.

  /// Starts it.
  void start() throws IOException {
    door.mend();
    Life begun = new Life();
    life = begun;
    for (Dial each : dials) {
      begun.dial(each);
    }
    id = new SiteId(Integer.parseUnsignedInt(status(), 16));
  }

  private String status() {
    return AdminGrpc.newBlockingStub(operator())
        .getStatus(GetStatusRequest.getDefaultInstance())
        .getSiteId();
  }

  /// Starts it; where its disk dies on the way it stays down.
  void startUnlessItDies() throws IOException {
    if (!gone) {
      unlessItDies(this::start);
    }
  }

  /// Stops it as an operator does; where its disk dies on the way it is just down.
  void stopUnlessItDies() throws IOException {
    unlessItDies(this::stop);
  }

  private interface Step {
    void run() throws IOException;
  }

  private void unlessItDies(Step step) throws IOException {
    try {
      step.run();
    } catch (SimulatedCrash died) {
      scheduler.trace(name + " died on the way");
    } catch (RuntimeException | IOException e) {
      if (!disk.faultFired()) {
        throw e;
      }
      scheduler.trace(name + " died on the way");
    }
  }

  /// Stops it as an operator does.
  void stop() throws IOException {
    Life ending = life;
    if (ending != null) {
      try {
        ending.syncs.forEach(PeerSync::close);
        life = null;
        door.cut();
        ending.node.close();
      } finally {
        life = null;
        ending.end();
      }
    }
  }

  /// The power is off. Nothing goes on, and what was not forced is lost as the seed says.
  void powerOff() {
    Life ending = life;
    disk.powerOff();
    life = null;
    door.cut();
    lines.forEach(SimulatedLink::cut);
    if (ending != null) {
      ending.end();
    }
  }

  /// Lets the disk come up again after [#powerOff].
  ///
  /// @param keepsUnforced whether all is there that was written, as if the process alone had died
  void powerOn(boolean keepsUnforced) {
    if (keepsUnforced) {
      disk.crashKeepingUnforced();
    } else {
      disk.restart(random.nextLong());
    }
    if (!gone) {
      lines.forEach(SimulatedLink::mend);
    }
  }

  boolean isUp() {
    return life != null && !disk.faultFired();
  }

  /// This site opens the line to that one.
  void dials(SimulatedSite peer, SimulatedLink line) {
    Dial dial = new Dial(peer, line);
    dials.add(dial);
    lines.add(line);
    peer.lines.add(line);
    neighbours.add(peer);
    peer.neighbours.add(this);
    line.observe((direction, message) ->
        mustNotEcho(direction == SimulatedLink.Direction.TO_SERVER ? peer : this, message));
    Life running = life;
    if (running != null) {
      running.dial(dial);
    }
  }

  /// What was sent to whom wrote it; empty for nothing.
  String echo() {
    return echo;
  }

  /// Nobody is sent what it wrote itself, whatever was cut before.
  private void mustNotEcho(SimulatedSite receiver, Object message) {
    SyncMessage said =
        switch (message) {
          case SyncRequest request -> request.getMessage();
          case SyncResponse response -> response.getMessage();
          default -> SyncMessage.getDefaultInstance();
        };
    for (SyncEntry each : said.getEntries().getEntriesList()) {
      EntryDot dot = LoggedEntry.parse(each.getEntry()).dot();
      if (dot.origin().site().equals(receiver.id)) {
        echo = receiver.name + " was sent its own entry " + dot;
      }
    }
  }

  // ---- what can be asked of it

  private Life alive() {
    Life running = life;
    if (running == null) {
      throw new IllegalStateException(name + " is down");
    }
    return running;
  }

  SiteId id() {
    return id;
  }

  @Nullable Channel operatorOrNull() {
    Life running = life;
    return running == null ? null : running.operator;
  }

  private @Nullable Channel gatewayOrNull() {
    Life running = life;
    return running == null ? null : running.gateway;
  }

  /// As an operator, through the door.
  Channel operator() {
    return door.to(this::operatorOrNull);
  }

  /// As a gateway, through the door.
  Channel gateway() {
    return door.to(this::gatewayOrNull);
  }

  /// Its index as it is, past its services.
  Catalog catalog() {
    return new Catalog(alive().index);
  }

  /// The last batch that can be read; -1 while it is down.
  long appliedBatch() {
    Life running = life;
    return running == null ? -1 : running.index.appliedBatch();
  }

  List<PeerSync> syncs() {
    return alive().syncs;
  }

  /// How the links go that this site opened to the other.
  List<PeerStatus> linksTo(SimulatedSite other) {
    return syncs().stream()
        .map(PeerSync::status)
        .filter(link -> link.peer().equals(other.name))
        .toList();
  }

  void knows(SimulatedSite member) {
    setMember(member, false);
  }

  void forgets(SimulatedSite member) {
    setMember(member, true);
  }

  private void setMember(SimulatedSite member, boolean left) {
    AdminGrpc.newBlockingStub(operator())
        .withDeadlineAfter(40, TimeUnit.SECONDS)
        .setMember(
            SetMemberRequest.newBuilder()
                .setSiteId(member.id.toString())
                .setName(member.name)
                .setLeft(left)
                .build());
  }

  // ---- its disk

  /// All files of the stopped site as they are.
  Map<String, byte[]> backUp() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(data())) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        files.put(data().relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /// Puts the disk of the stopped site back to what it once was.
  void restore(Map<String, byte[]> files) throws IOException {
    disk = new SimulatedFileSystem();
    disk.beforeEach(operation -> scheduler.pause());
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      Path file = data().resolve(each.getKey());
      Path folder = Objects.requireNonNull(file.getParent());
      Files.createDirectories(folder);
      WholeFile.writeSecret(file, each.getValue());
    }
    for (String folder : List.of("/", "/data")) {
      DirectorySync.force(disk.getPath(folder));
    }
  }

  // ---- leaving

  /// Nobody comes in any more.
  void close() {
    closed = true;
  }

  void open() {
    closed = false;
  }

  /// Whether people can come in.
  boolean isOpen() {
    return !closed;
  }

  List<SimulatedSite> neighbours() {
    return neighbours;
  }

  /// Whether another site has logged all that this one has, and has the bytes too. Neither may hold
  /// anything pending: its bytes are asked for once it acts, and who leaves with it never hears
  /// that what it keeps as a conflict was in truth replaced.
  boolean hasHandedOverTo(SimulatedSite other) {
    NavigableMap<OriginId, OriginHead> there = other.catalog().heads();
    return other.catalog().wanted(null, 1).isEmpty()
        && other.catalog().pending(null, 1).isEmpty()
        && catalog().pending(null, 1).isEmpty()
        && catalog().heads().entrySet().stream()
            .allMatch(head ->
                there.containsKey(head.getKey())
                    && there.get(head.getKey()).getSequence() >= head.getValue().getSequence());
  }

  /// It is gone for good; its disk stays as it is.
  void leave() {
    gone = true;
    powerOff();
    powerOn(true);
    lines.forEach(SimulatedLink::cut);
  }

  /// Makes the lines whole that end here, save to sites that have left.
  void mendLines() {
    for (Dial dial : dials) {
      if (!gone && !dial.peer().gone) {
        dial.line().mend();
      }
    }
  }

  boolean hasLeft() {
    return gone;
  }

  /// Opens the journal of the stopped site.
  FileJournal openJournal() throws IOException {
    Seams seams =
        new Seams(
            clock,
            scheduler.time()::nanoTime,
            scheduler.threads(name),
            scheduler.newTimer(),
            random.split());
    return FileJournal.open(
        data().resolve("journal"), storeId(), seams, SMALL_FILES, (chunk, place) -> {});
  }

  private StoreId storeId() throws IOException {
    String prefix = "store-id = ";
    for (String line : Files.readAllLines(data().resolve("store"))) {
      if (line.startsWith(prefix)) {
        return StoreId.of(HexFormat.of().parseHex(line.substring(prefix.length())));
      }
    }
    throw new IllegalStateException(name + " has no store");
  }
}
