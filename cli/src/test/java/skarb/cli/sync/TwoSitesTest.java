package skarb.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.sync.Peer;
import skarb.sync.PeerSync;
import skarb.sync.SyncSeams;

class TwoSitesTest {
  private static final String KEY = "ann";
  private static final String BUCKET = "shared";

  @TempDir Path folder;
  private Site a;
  private Site b;
  private PeerSync sync;

  @BeforeEach
  void twoMembersOfOneRealm() throws IOException {
    a = new Site(folder.resolve("a"), "a", Optional.empty());
    b = new Site(folder.resolve("b"), "b", Optional.of(a.data));
    for (Site each : new Site[] {a, b}) {
      each.knows(a);
      each.knows(b);
    }
    a.makeKey(KEY);
    a.makeBucket(KEY, BUCKET);
    connect();
    eventually(() -> assertThat(b.list(KEY, BUCKET)).isEmpty());
  }

  @AfterEach
  void close() throws IOException {
    disconnect();
    a.close();
    b.close();
  }

  private void connect() {
    SyncSeams seams =
        new SyncSeams(
            a.seams.seams().clock(),
            a.seams.seams().nanoTime(),
            a.seams.seams().threads(),
            a.seams.seams().timer(),
            new SplittableRandom(1));
    sync = new PeerSync(seams, a.node.operatorChannel(), new Peer("b", b.node.operatorChannel()));
    sync.start();
  }

  private void disconnect() {
    sync.close();
  }

  private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
  }

  @Test
  void writesAndDeletesReachTheOtherSiteBothWays() {
    byte[] large = new byte[1 << 20];
    new SplittableRandom(7).nextBytes(large);
    a.put(KEY, BUCKET, "small", bytes("of a"));
    a.put(KEY, BUCKET, "large", large);
    b.put(KEY, BUCKET, "from b", bytes("of b"));

    eventually(() -> {
      assertThat(b.get(KEY, BUCKET, "small")).contains(ByteString.copyFromUtf8("of a"));
      assertThat(b.get(KEY, BUCKET, "large")).contains(ByteString.copyFrom(large));
      assertThat(a.get(KEY, BUCKET, "from b")).contains(ByteString.copyFromUtf8("of b"));
    });

    b.delete(KEY, BUCKET, "small");
    eventually(() -> assertThat(a.list(KEY, BUCKET)).containsExactly("from b", "large"));
  }

  @Test
  void whatWasWrittenWhileTheLinkWasCutArrivesLater() throws IOException {
    a.put(KEY, BUCKET, "gone", bytes("soon deleted"));
    eventually(() -> assertThat(b.list(KEY, BUCKET)).containsExactly("gone"));
    disconnect();
    a.delete(KEY, BUCKET, "gone");
    for (int i = 0; i < 50; i++) {
      a.put(KEY, BUCKET, "a%02d".formatted(i), bytes("a" + i));
      b.put(KEY, BUCKET, "b%02d".formatted(i), bytes("b" + i));
    }
    a.put(KEY, BUCKET, "both", bytes("of a"));
    b.put(KEY, BUCKET, "both", bytes("of b, later"));
    b.restart();
    a.restart();

    connect();

    eventually(() -> {
      assertThat(a.list(KEY, BUCKET)).hasSize(101).isEqualTo(b.list(KEY, BUCKET));
      assertThat(a.get(KEY, BUCKET, "both")).isEqualTo(b.get(KEY, BUCKET, "both")).isPresent();
      assertThat(b.get(KEY, BUCKET, "a49")).contains(ByteString.copyFromUtf8("a49"));
      assertThat(a.get(KEY, BUCKET, "b49")).contains(ByteString.copyFromUtf8("b49"));
    });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
