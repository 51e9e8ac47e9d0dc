package skarb.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.Commands;
import skarb.sync.Peer;
import skarb.sync.PeerSync;
import skarb.sync.SyncSeams;
import skarb.v1.Conflict;
import skarb.v1.ConflictChoice;
import skarb.v1.GetConflictRequest;
import skarb.v1.GetReplicationStatusRequest;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.ListConflictsRequest;
import skarb.v1.ListConflictsResponse;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListedVersion;
import skarb.v1.ObjectsGrpc;
import skarb.v1.ReplicationGrpc;
import skarb.v1.ResolveConflictRequest;

class ConflictsTest {
  private static final String KEY = "ann";
  private static final String BUCKET = "shared";

  @TempDir Path folder;
  private Site a;
  private Site b;
  private PeerSync sync;

  @BeforeEach
  void twoSitesThatWroteOneKeyWithoutKnowingOfEachOther() throws IOException {
    a = new Site(folder.resolve("a"), "a", Optional.empty());
    b = new Site(folder.resolve("b"), "b", Optional.of(a.data));
    for (Site each : new Site[] {a, b}) {
      each.knows(a);
      each.knows(b);
      each.node.publishAddress("127.0.0.1:" + each.node.grpcAddress().getPort());
    }
    a.makeKey(KEY);
    a.makeBucket(KEY, BUCKET);
    connect();
    eventually(() -> assertThat(b.list(KEY, BUCKET)).isEmpty());
    sync.close();
    a.put(KEY, BUCKET, "both", bytes("of a"));
    b.put(KEY, BUCKET, "both", bytes("of b, later"));
    b.put(KEY, BUCKET, "other", bytes("nobody minds"));
    connect();
    eventually(() -> {
      assertThat(conflicts(a)).hasSize(1);
      assertThat(conflicts(b)).hasSize(1);
      assertThat(a.list(KEY, BUCKET)).containsExactly("both", "other");
    });
  }

  private void connect() {
    sync =
        new PeerSync(
            new SyncSeams(
                a.seams.seams().clock(),
                a.seams.seams().nanoTime(),
                a.seams.seams().threads(),
                a.seams.seams().timer(),
                new SplittableRandom(1)),
            a.node.operatorChannel(),
            new Peer("b", b.node.operatorChannel()));
    sync.start();
  }

  @AfterEach
  void close() throws IOException {
    sync.close();
    a.close();
    b.close();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static ReplicationGrpc.ReplicationBlockingStub replication(Site site) {
    return ReplicationGrpc.newBlockingStub(site.node.operatorChannel());
  }

  private static List<Conflict> conflicts(Site site) {
    return replication(site)
        .listConflicts(ListConflictsRequest.getDefaultInstance())
        .getConflictsList();
  }

  private static int told(Site site, String key) {
    return ObjectsGrpc.newBlockingStub(site.as(KEY))
        .head(HeadRequest.newBuilder().setBucket(BUCKET).setKey(key).build())
        .getInfo()
        .getConflicts();
  }

  private static ByteString version(Site site, String versionId) {
    Iterator<GetResponse> answers =
        ObjectsGrpc.newBlockingStub(site.as(KEY))
            .get(
                GetRequest.newBuilder()
                    .setBucket(BUCKET)
                    .setKey("both")
                    .setVersionId(versionId)
                    .build());
    ByteString content = ByteString.EMPTY;
    while (answers.hasNext()) {
      content = content.concat(answers.next().getFrame().getContent());
    }
    return content;
  }

  private static List<String> versions(Site site) {
    return ObjectsGrpc.newBlockingStub(site.as(KEY))
        .listVersions(ListVersionsRequest.newBuilder().setBucket(BUCKET).build())
        .getVersionsList()
        .stream()
        .filter(each -> each.getInfo().getKey().equals("both"))
        .map(ListedVersion::getInfo)
        .map(info -> info.getVersionId())
        .toList();
  }

  @Test
  void keptBodyIsShownCountedAndReadByItsVersionId() {
    for (Site each : new Site[] {a, b}) {
      Conflict kept = conflicts(each).getFirst();
      assertThat(kept.getBucket()).isEqualTo(BUCKET);
      assertThat(kept.getKey()).isEqualTo("both");
      assertThat(kept.getSize()).isEqualTo(4);
      assertThat(kept.getSiteId()).isEqualTo(a.node.siteId().toString());
      assertThat(kept.getWinnerSiteId()).isEqualTo(b.node.siteId().toString());
      assertThat(kept.getComplete()).isTrue();
      assertThat(kept.getCurrent().getSize()).isEqualTo(11);
      assertThat(version(each, kept.getVersionId())).isEqualTo(ByteString.copyFromUtf8("of a"));
      assertThat(versions(each)).contains(kept.getVersionId()).hasSize(2);
      assertThat(each.list(KEY, BUCKET)).containsExactly("both", "other");
      assertThat(told(each, "both")).isOne();
      assertThat(told(each, "other")).isZero();
      assertThat(
              replication(each)
                  .getStatus(GetReplicationStatusRequest.getDefaultInstance())
                  .getConflicts()
                  .getCount())
          .isOne();
      assertThat(
              replication(each)
                  .getConflict(
                      GetConflictRequest.newBuilder()
                          .setBucket(BUCKET)
                          .setKey("both")
                          .setVersionId(kept.getVersionId())
                          .build())
                  .getConflict())
          .isEqualTo(kept);
    }
  }

  @Test
  void keepingTheWinnerLetsTheKeptBodyGoOnAllSites() {
    Conflict kept = conflicts(b).getFirst();
    resolve(b, kept, ConflictChoice.CONFLICT_CHOICE_KEEP_WINNER);
    eventually(() -> {
      for (Site each : new Site[] {a, b}) {
        assertThat(conflicts(each)).isEmpty();
        assertThat(told(each, "both")).isZero();
        assertThat(versions(each)).hasSize(1);
        assertThat(each.get(KEY, BUCKET, "both")).contains(ByteString.copyFromUtf8("of b, later"));
      }
    });
    assertThatThrownBy(() -> resolve(b, kept, ConflictChoice.CONFLICT_CHOICE_KEEP_WINNER))
        .hasMessageContaining("no conflict is kept");
  }

  @Test
  void restoringTheLoserWritesItAnewOnAllSites() {
    resolve(b, conflicts(b).getFirst(), ConflictChoice.CONFLICT_CHOICE_RESTORE_LOSER);
    eventually(() -> {
      for (Site each : new Site[] {a, b}) {
        assertThat(each.get(KEY, BUCKET, "both")).contains(ByteString.copyFromUtf8("of a"));
        assertThat(conflicts(each)).isEmpty();
        assertThat(told(each, "both")).isZero();
        assertThat(versions(each)).hasSize(1);
      }
    });
  }

  private static void resolve(Site site, Conflict conflict, ConflictChoice choice) {
    Object _ =
        replication(site)
            .resolveConflict(
                ResolveConflictRequest.newBuilder()
                    .setBucket(conflict.getBucket())
                    .setKey(conflict.getKey())
                    .setVersionId(conflict.getVersionId())
                    .setChoice(choice)
                    .build());
  }

  @Test
  void listGoesOnPageByPage() {
    sync.close();
    for (int i = 0; i < 5; i++) {
      a.put(KEY, BUCKET, "more" + i, bytes("a" + i));
      b.put(KEY, BUCKET, "more" + i, bytes("b" + i));
    }
    connect();
    eventually(() -> assertThat(conflicts(a)).hasSize(6));
    List<String> keys = new java.util.ArrayList<>();
    String token = "";
    do {
      ListConflictsResponse page =
          replication(a)
              .listConflicts(
                  ListConflictsRequest.newBuilder()
                      .setBucket(BUCKET)
                      .setPageSize(2)
                      .setPageToken(token)
                      .build());
      page.getConflictsList().forEach(each -> keys.add(each.getKey()));
      assertThat(page.getConflictsCount()).isLessThanOrEqualTo(2);
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(keys).containsExactly("both", "more0", "more1", "more2", "more3", "more4");
  }

  @Test
  void commandsListShowAndResolve() throws IOException {
    JsonNode list = new ObjectMapper().readTree(run("conflicts", "list", "--json"));
    assertThat(list.path("schema_version").asInt()).isEqualTo(1);
    String id = list.path("conflicts").get(0).path("versionId").asText();
    assertThat(run("conflicts", "list", "--bucket", BUCKET)).contains("shared/both", id);
    assertThat(run("conflicts", "show", BUCKET, "both", id)).contains("winnerSiteId");
    assertThat(run("conflicts", "resolve", BUCKET, "both", id, "--keep", "loser")).isEmpty();
    assertThat(a.get(KEY, BUCKET, "both")).contains(ByteString.copyFromUtf8("of a"));
    assertThat(run("conflicts", "list")).isEmpty();
  }

  private String run(String... command) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all = java.util.Arrays.copyOf(command, command.length + 2);
    all[command.length] = "--data";
    all[command.length + 1] = a.data.toString();
    int exit = Commands.execute(new PrintWriter(out, true), new PrintWriter(err, true), all);
    assertThat(exit).as(err.toString()).isZero();
    return out.toString();
  }
}
