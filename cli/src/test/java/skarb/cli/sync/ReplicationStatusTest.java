package skarb.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.Commands;
import skarb.cli.wiring.PeerLinks;
import skarb.node.peers.PeerRecord;
import skarb.sync.SyncSeams;
import skarb.v1.GetReplicationStatusRequest;
import skarb.v1.GetReplicationStatusResponse;
import skarb.v1.PeerReport;
import skarb.v1.PeerState;
import skarb.v1.ReplicationGrpc;

class ReplicationStatusTest {
  private static final String KEY = "ann";
  private static final String BUCKET = "shared";

  @TempDir Path folder;
  private Site a;
  private Site b;
  private PeerLinks links;

  @BeforeEach
  void twoMembersOfOneRealm() throws IOException {
    a = new Site(folder.resolve("a"), "a", Optional.empty());
    b = new Site(folder.resolve("b"), "b", Optional.of(a.data));
    for (Site each : new Site[] {a, b}) {
      each.knows(a);
      each.knows(b);
      each.node.publishAddress("127.0.0.1:" + each.node.grpcAddress().getPort());
    }
    a.makeKey(KEY);
    a.makeBucket(KEY, BUCKET);
    links =
        new PeerLinks(
            new SyncSeams(
                a.seams.seams().clock(),
                a.seams.seams().nanoTime(),
                a.seams.seams().threads(),
                a.seams.seams().timer(),
                new SplittableRandom(1)),
            a.node.peers(),
            a.node.operatorChannel(),
            (address, site) -> b.node.operatorChannel());
    a.node.links().drivenBy(links);
    links.start();
  }

  @AfterEach
  void close() throws IOException {
    links.close();
    a.close();
    b.close();
  }

  private void connect() {
    a.node.peers().put(new PeerRecord(b.node.siteId(), "b", "b.example:9011", false, 0));
    a.node.peers().setPaused(b.node.siteId(), false);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
  }

  private static GetReplicationStatusResponse status(Site site) {
    return ReplicationGrpc.newBlockingStub(site.node.operatorChannel())
        .getStatus(GetReplicationStatusRequest.getDefaultInstance());
  }

  private static PeerReport only(Site site) {
    return status(site).getPeersList().stream()
        .reduce((one, other) -> {
          throw new AssertionError("more than one peer");
        })
        .orElseThrow();
  }

  private void bothAreEqual() {
    for (Site each : new Site[] {a, b}) {
      PeerReport report = only(each);
      assertThat(report.getState()).isEqualTo(PeerState.PEER_STATE_LIVE);
      assertThat(report.hasEntriesBehind()).isTrue();
      assertThat(report.getEntriesBehind()).isZero();
      assertThat(report.hasBytesBehind()).isTrue();
      assertThat(report.getBytesBehind()).isZero();
      assertThat(report.hasSecondsBehind()).isTrue();
      assertThat(report.getSecondsBehind()).isZero();
      assertThat(report.getPending()).isZero();
      assertThat(report.getBytesAreAtLeast()).isFalse();
    }
  }

  @Test
  void whatIsNotKnownIsNotZero() {
    PeerReport report = only(a);
    assertThat(report.getName()).isEqualTo("b");
    assertThat(report.getState()).isEqualTo(PeerState.PEER_STATE_NEVER_CONNECTED);
    assertThat(report.hasEntriesBehind()).isFalse();
    assertThat(report.hasBytesBehind()).isFalse();
    assertThat(report.hasSecondsBehind()).isFalse();
    assertThat(report.hasPending()).isFalse();
    assertThat(report.hasLastContact()).isFalse();
  }

  @Test
  void allZeroOnBothSidesMeansEqual() {
    byte[] large = new byte[300_000];
    new SplittableRandom(3).nextBytes(large);
    connect();
    for (int i = 0; i < 20; i++) {
      a.put(KEY, BUCKET, "k" + i, large);
    }
    eventually(() -> {
      bothAreEqual();
      assertThat(b.list(KEY, BUCKET)).hasSize(20);
    });
    assertThat(b.get(KEY, BUCKET, "k19")).isPresent();
    assertThat(only(a).getEntriesSent()).isGreaterThan(20);
    assertThat(only(b).getEntriesReceived()).isEqualTo(only(a).getEntriesSent());
    assertThat(only(a).getBytesSent()).isGreaterThan(300_000);
    assertThat(only(b).getLastContact().getSeconds()).isPositive();
  }

  @Test
  void whatIsWrittenWhileTheLinkIsDownIsCountedOnTheSideThatHasIt() {
    connect();
    eventually(this::bothAreEqual);

    a.node.peers().setPaused(b.node.siteId(), true);
    a.put(KEY, BUCKET, "one", new byte[100_000]);
    a.put(KEY, BUCKET, "two", new byte[1_000]);

    PeerReport report = only(a);
    assertThat(report.getState()).isEqualTo(PeerState.PEER_STATE_PAUSED);
    assertThat(report.getEntriesToSend()).isEqualTo(2);
    assertThat(report.getEntriesBehind()).isEqualTo(2);
    assertThat(report.getBytesToSend()).isBetween(101_000L, 110_000L);
    assertThat(report.getSecondsBehind()).isPositive();
    eventually(() -> assertThat(only(b).getState()).isEqualTo(PeerState.PEER_STATE_DISCONNECTED));
    // What the other wrote since it was last heard is not known: so time passes, and it shows.
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(only(b).getSecondsBehind()).isGreaterThan(5));

    a.node.peers().setPaused(b.node.siteId(), false);
    eventually(this::bothAreEqual);
    assertThat(b.list(KEY, BUCKET)).containsExactly("one", "two");
  }

  @Test
  void commandPrintsItForPeopleAndPrograms() throws Exception {
    JsonNode before = json(a, "replication", "status");
    assertThat(before.path("schema_version").asInt()).isEqualTo(1);
    JsonNode unknown = before.path("peers").get(0);
    assertThat(unknown.path("state").asText()).isEqualTo("never_connected");
    for (String field : new String[] {"entriesBehind", "bytesBehind", "secondsBehind", "pending"}) {
      assertThat(unknown.has(field)).isTrue();
      assertThat(unknown.path(field).isNull()).isTrue();
    }
    assertThat(unknown.path("lastContact").isNull()).isTrue();
    connect();
    eventually(this::bothAreEqual);

    JsonNode after = json(a, "replication", "status").path("peers").get(0);
    assertThat(after.path("state").asText()).isEqualTo("live");
    for (String field : new String[] {"entriesBehind", "bytesBehind", "secondsBehind", "pending"}) {
      assertThat(after.path(field).asLong(-1)).isZero();
    }
    assertThat(run(a, "replication", "status")).contains("live", "0 entries", "conflicts");
    assertThat(json(a, "replication", "pending").path("entries")).isEmpty();
    assertThat(json(a, "peers", "status", "b").path("peers").get(0).path("state").asText())
        .isEqualTo("live");
  }

  @Test
  void peersAreAddedPausedAndRemovedByCommands() throws Exception {
    String id = b.node.siteId().toString();
    JsonNode added = json(a, "peers", "add", "b", "b.example:9011", "--site-id", id);
    assertThat(added.path("name").asText()).isEqualTo("b");
    eventually(this::bothAreEqual);
    assertThat(run(a, "peers", "list")).contains("b.example:9011", "dialled");
    assertThat(json(a, "peers", "pause", "b").path("paused").asBoolean()).isTrue();
    assertThat(only(a).getState()).isEqualTo(PeerState.PEER_STATE_PAUSED);
    assertThat(json(a, "peers", "resume", id).path("paused").asBoolean()).isFalse();
    eventually(this::bothAreEqual);
    assertThat(run(a, "peers", "remove", "b")).isEmpty();
    assertThat(json(a, "peers", "list").path("peers")).isEmpty();

    StringWriter err = new StringWriter();
    int exit =
        Commands.execute(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            "peers",
            "pause",
            "nobody",
            "--data",
            a.data.toString());
    assertThat(exit).isEqualTo(1);
    assertThat(err.toString()).contains("no peer has this site id or name");
  }

  private static JsonNode json(Site site, String... command) throws IOException {
    String[] all = java.util.Arrays.copyOf(command, command.length + 1);
    all[command.length] = "--json";
    return new ObjectMapper().readTree(run(site, all));
  }

  private static String run(Site site, String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = java.util.Arrays.copyOf(command, command.length + 2);
    all[command.length] = "--data";
    all[command.length + 1] = site.data.toString();
    int exit = Commands.execute(new PrintWriter(out, true), new PrintWriter(err, true), all);
    assertThat(exit).as(err.toString()).isZero();
    return out.toString();
  }
}
