package skarb.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.WholeFile;
import skarb.node.index.Catalog;
import skarb.node.index.StateDigest;
import skarb.node.journal.FileJournal;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.net.SimulatedLink;
import skarb.testkit.schedule.SeededScheduler;
import skarb.v1.AccessGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateKeyRequest;
import skarb.v1.SetVersioningRequest;
import skarb.v1.Versioning;

/// Some sites of one realm, the lines between them, and all that is random about them. All but the
/// constructor is to be called in threads of the simulation.
final class World implements AutoCloseable {
  static final String ANN = "ann";
  static final String PLAIN = "plain";
  static final String VERSIONED = "versioned";
  static final String SUSPENDED = "suspended";

  /// Somebody who owns none of the buckets.
  static final String BOB = "bob";

  /// The bucket that people make and delete at several sites at once.
  static final String RACED = "raced";

  static final List<String> BUCKETS = List.of(PLAIN, VERSIONED, SUSPENDED);

  private static final Duration MOST_TO_CONVERGE = Duration.ofHours(3);
  private static final Duration LOOK = Duration.ofSeconds(5);

  final SeededScheduler scheduler;
  final SplittableRandom random;
  final List<SimulatedSite> sites = new ArrayList<>();
  final List<SimulatedLink> lines = new ArrayList<>();
  private final ScheduledExecutorService timer;
  private final List<Logger> logs = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();

  World(long seed) {
    this.scheduler = new SeededScheduler(seed);
    this.random = new SplittableRandom(seed);
    this.timer = scheduler.newTimer();
    for (String name : List.of("skarb", "io.grpc")) {
      Logger log = (Logger) LoggerFactory.getLogger(name);
      logs.add(log);
      levels.add(log.getLevel());
      log.setLevel(Level.toLevel(System.getProperty("skarb.simulation.log", "OFF")));
    }
    java.util.logging.Logger.getLogger("io.grpc").setLevel(java.util.logging.Level.OFF);
  }

  /// Makes the sites, members all, with lines between them that join them into one graph, a key and
  /// three buckets; returns when all of them know all of that.
  void begin(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      add("s" + i);
    }
    for (SimulatedSite each : sites) {
      sites.forEach(each::knows);
    }
    for (int i = 1; i < count; i++) {
      join(sites.get(random.nextInt(i)), sites.get(i));
    }
    if (count > 2 && random.nextBoolean()) {
      join(sites.get(0), sites.get(count - 1));
    }
    SimulatedSite first = sites.getFirst();
    for (String user : List.of(ANN, BOB)) {
      AccessGrpc.newBlockingStub(first.operator())
          .createKey(
              CreateKeyRequest.newBuilder()
                  .setAccessKeyId(user)
                  .setSecretKey("a secret of some length")
                  .build());
    }
    BucketsGrpc.BucketsBlockingStub buckets =
        BucketsGrpc.newBlockingStub(new Person(this, 0, ANN).gateway());
    for (String bucket : BUCKETS) {
      buckets.create(CreateBucketRequest.newBuilder().setName(bucket).build());
    }
    buckets.setVersioning(versioning(VERSIONED, Versioning.VERSIONING_ENABLED));
    buckets.setVersioning(versioning(SUSPENDED, Versioning.VERSIONING_ENABLED));
    awaitConvergence();
  }

  static SetVersioningRequest versioning(String bucket, Versioning versioning) {
    return SetVersioningRequest.newBuilder().setName(bucket).setVersioning(versioning).build();
  }

  private SimulatedSite add(String name) throws IOException {
    SimulatedSite site = new SimulatedSite(name, scheduler, random.split());
    if (!sites.isEmpty()) {
      copySecrets(sites.getFirst(), site);
    }
    site.start();
    sites.add(site);
    return site;
  }

  /// One more site joins, by one that is up: both become members at both before they speak.
  ///
  /// @return false where it was over before that could be
  boolean join(BooleanSupplier over) throws IOException {
    SimulatedSite inviting = sites.getFirst();
    SimulatedSite joining = new SimulatedSite("s" + sites.size(), scheduler, random.split());
    boolean copied = false;
    while (!over.getAsBoolean()) {
      try {
        if (joining.appliedBatch() < 0) {
          if (!copied) {
            Map<String, byte[]> secrets = secrets(inviting);
            copied = true;
            writeSecrets(secrets, joining);
          }
          joining.start();
          joining.knows(joining);
          joining.knows(inviting);
        }
        inviting.knows(joining);
        sites.add(joining);
        join(inviting, joining);
        scheduler.trace(joining.name + " joined");
        return true;
      } catch (StatusRuntimeException | SimulatedCrash down) {
        sleep(Duration.ofSeconds(1));
      }
    }
    return false;
  }

  /// A site leaves once another one has all that it has, and nobody depends on it to be reached.
  ///
  /// @return false where it was over before that could be
  boolean leave(SimulatedSite leaving, BooleanSupplier over) {
    if (leaving.neighbours().size() != 1) {
      return false;
    }
    SimulatedSite other = leaving.neighbours().getFirst();
    leaving.close();
    while (!over.getAsBoolean()) {
      try {
        if (leaving.isUp() && other.isUp() && leaving.hasHandedOverTo(other)) {
          other.forgets(leaving);
          leaving.leave();
          scheduler.trace(leaving.name + " left");
          return true;
        }
      } catch (StatusRuntimeException | IllegalStateException down) {
        // tried again
      }
      sleep(Duration.ofSeconds(1));
    }
    leaving.open();
    return false;
  }

  /// The sites that have not left.
  List<SimulatedSite> present() {
    return sites.stream().filter(site -> !site.hasLeft()).toList();
  }

  private static void copySecrets(SimulatedSite from, SimulatedSite to) throws IOException {
    writeSecrets(secrets(from), to);
  }

  private static Map<String, byte[]> secrets(SimulatedSite of) throws IOException {
    Map<String, byte[]> secrets = new TreeMap<>();
    for (String file : List.of("node.key", "realm-keys")) {
      secrets.put(file, Files.readAllBytes(of.data().resolve(file)));
    }
    return secrets;
  }

  private static void writeSecrets(Map<String, byte[]> secrets, SimulatedSite to)
      throws IOException {
    Files.createDirectory(to.data());
    DirectorySync.force(to.disk.getPath("/"));
    for (Map.Entry<String, byte[]> each : secrets.entrySet()) {
      WholeFile.writeSecret(to.data().resolve(each.getKey()), each.getValue());
    }
  }

  private void join(SimulatedSite one, SimulatedSite other) {
    SimulatedLink line =
        new SimulatedLink(
            scheduler.time(),
            scheduler.newTimer(),
            random.split(),
            Duration.ofMillis(1),
            Duration.ofMillis(30));
    lines.add(line);
    if (random.nextBoolean()) {
      one.dials(other, line);
    } else {
      other.dials(one, line);
    }
  }

  // ---- time

  /// Lets virtual time pass.
  void sleep(Duration time) {
    CountDownLatch over = new CountDownLatch(1);
    var _ = timer.schedule(over::countDown, time.toNanos(), TimeUnit.NANOSECONDS);
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// A thread of the simulation.
  void spawn(String name, Runnable task) {
    scheduler.threads(name).newThread(task).start();
  }

  // ---- the end

  /// Waits until all sites have logged the same, and nothing is pending, wanted, or waits to be
  /// forgotten.
  void awaitConvergence() {
    long from = scheduler.time().nanoTime();
    while (true) {
      String why = whatDiffers();
      if (why.isEmpty()) {
        return;
      }
      if (scheduler.time().nanoTime() - from > MOST_TO_CONVERGE.toNanos()) {
        throw new AssertionError("the sites did not converge: " + why);
      }
      sleep(LOOK);
    }
  }

  private String whatDiffers() {
    Catalog first = sites.getFirst().catalog();
    return Stream.<Function<SimulatedSite, String>>of(
            site ->
                site.catalog().heads().equals(first.heads())
                    ? ""
                    : " has not logged what " + sites.getFirst().name + " has; " + links(),
            site -> held(" holds pending ", site.catalog().pending(null, 1)),
            site -> held(" lacks the bytes of ", site.catalog().wanted(null, 1)),
            site -> held(" keeps ", site.catalog().graves(null, 1)))
        .flatMap(question ->
            present().stream()
                .filter(site -> !question.apply(site).isEmpty())
                .map(site -> site.name + question.apply(site)))
        .findFirst()
        .orElse("");
  }

  private static String held(String what, List<?> found) {
    return found.isEmpty() ? "" : what + found.getFirst();
  }

  /// All sites show the same, by the node's own digest of what can be read.
  void checkAgreement() {
    StateDigest first = sites.getFirst().catalog().liveDigest();
    for (SimulatedSite site : present()) {
      if (!site.catalog().liveDigest().equals(first)) {
        throw new AssertionError(site.name + " shows something else than " + sites.getFirst().name);
      }
    }
  }

  /// How all links go, for people.
  String links() {
    StringBuilder text = new StringBuilder();
    present().forEach(site -> site.syncs().forEach(sync -> text.append(sync.status()).append(' ')));
    return text.toString();
  }

  /// Reads the journals of all sites, which are down.
  List<SiteHistory> histories() throws IOException {
    List<SiteHistory> histories = new ArrayList<>();
    for (SimulatedSite site : sites) {
      try (FileJournal journal = site.openJournal()) {
        histories.add(SiteHistory.read(site.id(), journal));
      }
    }
    return histories;
  }

  /// Tries until the site answers.
  <T> T patiently(java.util.function.Supplier<T> call) {
    for (int i = 0; ; i++) {
      try {
        return call.get();
      } catch (StatusRuntimeException e) {
        if (i == 100) {
          throw e;
        }
        sleep(Duration.ofSeconds(1));
      }
    }
  }

  @Override
  public void close() {
    scheduler.close();
    for (int i = 0; i < logs.size(); i++) {
      logs.get(i).setLevel(levels.get(i));
    }
  }
}
