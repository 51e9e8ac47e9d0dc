package skarb.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.wiring.PeerLinks;
import skarb.node.model.SiteId;
import skarb.node.peers.LinkStatus;
import skarb.node.peers.PeerRecord;
import skarb.sync.SyncSeams;

class PeerLinksTest {
  private static final String KEY = "ann";
  private static final String BUCKET = "shared";

  @TempDir Path folder;
  private final List<String> opened = new ArrayList<>();
  private Site a;
  private Site b;
  private PeerLinks links;
  private PeerRecord peer;

  @BeforeEach
  void start() throws IOException {
    a = new Site(folder.resolve("a"), "a", Optional.empty());
    b = new Site(folder.resolve("b"), "b", Optional.of(a.data));
    for (Site each : new Site[] {a, b}) {
      each.knows(a);
      each.knows(b);
    }
    a.makeKey(KEY);
    a.makeBucket(KEY, BUCKET);
    links = links();
    links.start();
    peer = new PeerRecord(b.node.siteId(), "b", "b.example:9011", false, 0);
  }

  private PeerLinks links() {
    SyncSeams seams =
        new SyncSeams(
            a.seams.seams().clock(),
            a.seams.seams().nanoTime(),
            a.seams.seams().threads(),
            a.seams.seams().timer(),
            new SplittableRandom(1));
    return new PeerLinks(
        seams,
        a.node.peers(),
        a.node.operatorChannel(),
        (address, site) -> {
          opened.add(site + " at " + address);
          if (address.startsWith("nowhere")) {
            throw new IOException("no certificate");
          }
          return b.node.operatorChannel();
        });
  }

  @AfterEach
  void close() throws IOException {
    links.close();
    a.close();
    b.close();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
  }

  private LinkStatus.State state() {
    return links.of(b.node.siteId()).map(LinkStatus::state).orElse(LinkStatus.State.STOPPED);
  }

  @Test
  void exchangesFollowTheRegistry() {
    assertThat(links.of(peer.site())).isEmpty();
    a.put(KEY, BUCKET, "first", new byte[200_000]);

    a.node.peers().put(peer);

    eventually(() -> {
      assertThat(b.get(KEY, BUCKET, "first")).contains(ByteString.copyFrom(new byte[200_000]));
      assertThat(state()).isEqualTo(LinkStatus.State.LIVE);
    });
    LinkStatus status = links.of(peer.site()).orElseThrow();
    assertThat(status.entriesSent()).isPositive();
    assertThat(status.bytesSent()).isGreaterThan(200_000);
    assertThat(status.lastContactMillis()).isPositive();
    assertThat(opened).containsExactly(b.node.siteId() + " at b.example:9011");

    a.node.peers().setPaused(peer.site(), true);
    assertThat(links.of(peer.site())).isEmpty();
    a.put(KEY, BUCKET, "second", new byte[10]);
    assertThat(b.list(KEY, BUCKET)).containsExactly("first");

    a.node.peers().setPaused(peer.site(), false);
    eventually(() -> assertThat(b.list(KEY, BUCKET)).containsExactly("first", "second"));

    a.node.peers().remove(peer.site());
    assertThat(links.of(peer.site())).isEmpty();
  }

  @Test
  void anotherAddressIsAnotherExchange() {
    a.node.peers().put(peer);
    eventually(() -> assertThat(state()).isEqualTo(LinkStatus.State.LIVE));
    a.node.peers().put(new PeerRecord(peer.site(), "b", "elsewhere:9011", false, 0));
    assertThat(opened).hasSize(2);
    eventually(() -> assertThat(state()).isEqualTo(LinkStatus.State.LIVE));
  }

  @Test
  void peerThatCannotBeDialledSaysWhy() {
    a.node.peers().put(new PeerRecord(peer.site(), "b", "nowhere:9011", false, 0));
    assertThat(links.of(peer.site()).orElseThrow().lastError()).isEqualTo("no certificate");
    assertThat(state()).isEqualTo(LinkStatus.State.REFUSED);
  }

  @Test
  void siteThatIsNoMemberIsRefused() throws IOException {
    try (Site c = new Site(folder.resolve("c"), "c", Optional.of(a.data))) {
      SiteId stranger = c.node.siteId();
      PeerLinks toStranger =
          new PeerLinks(
              new SyncSeams(
                  a.seams.seams().clock(),
                  a.seams.seams().nanoTime(),
                  a.seams.seams().threads(),
                  a.seams.seams().timer(),
                  new SplittableRandom(1)),
              a.node.peers(),
              a.node.operatorChannel(),
              (address, site) -> c.node.operatorChannel());
      try (toStranger) {
        toStranger.start();
        a.node.peers().put(new PeerRecord(stranger, "c", "c.example:9011", false, 0));
        eventually(() -> {
          LinkStatus status = toStranger.of(stranger).orElseThrow();
          assertThat(status.state()).isEqualTo(LinkStatus.State.REFUSED);
          assertThat(status.lastError()).contains("not a member");
        });
      }
    }
  }
}
