package skarb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skarb.node.NodeConfig.PeerListen;
import skarb.node.access.CatalogAccessKeys;
import skarb.node.access.SecretBox;
import skarb.node.index.Catalog;
import skarb.node.joining.JoinSteps;
import skarb.node.joining.Joiner;
import skarb.node.joining.LocalRealm;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.v1.AccessGrpc;
import skarb.v1.AdminGrpc;
import skarb.v1.CreateKeyRequest;
import skarb.v1.PeersGrpc;
import skarb.v1.PeersInviteRequest;
import skarb.v1.PeersJoinRequest;
import skarb.v1.SealedSecret;
import skarb.v1.SetMemberRequest;

/// Two nodes on real disks: one invites, the other joins, over TLS on loopback.
class JoiningTest {
  private static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<Node> open = new ArrayList<>();
  private Duration later = Duration.ZERO;
  private Node a;

  @BeforeEach
  void start() throws IOException {
    a = open("a", Optional.of(new PeerListen(LOOPBACK, "")));
  }

  @AfterEach
  void stop() throws IOException {
    for (Node node : open) {
      node.close();
    }
    timer.shutdownNow();
  }

  private Seams seams() {
    return new Seams(
        () -> Instant.now().plus(later),
        System::nanoTime,
        Thread.ofVirtual().factory(),
        timer,
        new SecureRandom());
  }

  private NodeConfig config(String name) {
    return NodeConfig.server(
        folder.resolve(name),
        Files.exists(folder.resolve(name).resolve("store")) ? "" : name,
        LOOPBACK,
        Optional.empty(),
        Optional.empty());
  }

  private Node open(String name, Optional<PeerListen> peers) throws IOException {
    Node node = Node.open(config(name).withPeers(peers), seams(), line -> {});
    open.add(node);
    return node;
  }

  private Node open(String name) throws IOException {
    return open(name, Optional.empty());
  }

  private static String invite(Node node) {
    return PeersGrpc.newBlockingStub(node.operatorChannel())
        .invite(PeersInviteRequest.getDefaultInstance())
        .getInvitation();
  }

  private static void join(Node node, String line) {
    Object _ =
        PeersGrpc.newBlockingStub(node.operatorChannel())
            .withDeadlineAfter(60, TimeUnit.SECONDS)
            .join(PeersJoinRequest.newBuilder().setInvitation(line).build());
  }

  private static void refused(Node node, String line, Status.Code code, String text) {
    assertThatThrownBy(() -> join(node, line))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getStatus().getDescription()).contains(text);
            });
    assertThat(node.peers().all()).isEmpty();
  }

  private static void makeKey(Node node, String id, String secret) {
    Object _ =
        AccessGrpc.newBlockingStub(node.operatorChannel())
            .createKey(
                CreateKeyRequest.newBuilder().setAccessKeyId(id).setSecretKey(secret).build());
  }

  @Test
  void storeThatJoinsDialsTheOneThatInvitedAndNeedsNoRestart() throws IOException {
    Node b = open("b");
    join(b, invite(a));
    assertThat(b.peers().all())
        .singleElement()
        .satisfies(peer -> {
          assertThat(peer.site()).isEqualTo(a.siteId());
          assertThat(peer.name()).isEqualTo("a");
          assertThat(peer.address())
              .isEqualTo("127.0.0.1:" + a.peerAddress().orElseThrow().getPort());
        });
    assertThat(a.peers().all()).isEmpty();
    assertThat(folder.resolve("b/join")).doesNotExist();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("a/invitations"))))
        .isEqualTo("rw-------");
    b.close();
    Node again = open("b");
    assertThat(again.peers().all()).hasSize(1);
  }

  @Test
  void memberThatJoinedMayInviteOthers() throws IOException {
    Node b = open("b", Optional.of(new PeerListen(LOOPBACK, "")));
    join(b, invite(a));
    Node c = open("c");
    join(c, invite(b));
    assertThat(c.peers().find(b.siteId())).isPresent();
  }

  @Test
  void invitationWorksOnce() throws IOException {
    String line = invite(a);
    join(open("b"), line);
    refused(open("c"), line, Status.Code.PERMISSION_DENIED, "no such invitation");
  }

  @Test
  void invitationEndsWithItsTime() throws IOException {
    String line = invite(a);
    later = Duration.ofMinutes(61);
    refused(open("b"), line, Status.Code.PERMISSION_DENIED, "no such invitation");
  }

  @Test
  void invitationSurvivesARestartOfTheOneThatInvited() throws IOException {
    int port = a.peerAddress().orElseThrow().getPort();
    String line = invite(a);
    a.close();
    a =
        open(
            "a",
            Optional.of(new PeerListen(new InetSocketAddress(LOOPBACK.getAddress(), port), "")));
    join(open("b"), line);
  }

  @Test
  void guessesAtAnInvitationUseItUp() throws IOException {
    String line = invite(a);
    String wrong = line.substring(0, line.length() - 4) + (line.endsWith("AAAA") ? "BBBB" : "AAAA");
    Node b = open("b");
    for (int i = 0; i < 4; i++) {
      refused(b, wrong, Status.Code.PERMISSION_DENIED, "no such invitation");
    }
    String other = invite(a);
    refused(b, wrong, Status.Code.PERMISSION_DENIED, "no such invitation");
    refused(b, line, Status.Code.PERMISSION_DENIED, "no such invitation");
    join(b, other);
  }

  @Test
  void siteThatIsNotOfTheInvitationsRealmIsToldNothing() throws IOException {
    String line = invite(a);
    String[] parts = line.split(":", -1);
    parts[3] = "0".repeat(64);
    Node b = open("b");
    refused(
        b,
        String.join(":", parts),
        Status.Code.FAILED_PRECONDITION,
        "no authority with the invitation's fingerprint");
    join(b, line);
  }

  @Test
  void whatIsNoInvitationIsRefusedWithoutBeingRepeated() throws IOException {
    Node b = open("b");
    for (String line : List.of("", "skarb-invite:", "hello:1:2:3", invite(a) + "x:y")) {
      refused(b, line, Status.Code.INVALID_ARGUMENT, "not an invitation");
    }
  }

  @Test
  void storesWithOneSiteIdAreRefusedAndTheInvitationHoldsOn() throws IOException {
    String line = invite(a);
    Files.createDirectories(folder.resolve("copy"));
    Files.copy(folder.resolve("a/store"), folder.resolve("copy/store"));
    refused(open("copy"), line, Status.Code.FAILED_PRECONDITION, "both sites have the id");
    join(open("b"), line);
  }

  @Test
  void siteOfARealmWithOthersJoinsNoOtherRealm() throws IOException {
    Node b = open("b");
    join(b, invite(a));
    Node c = open("c", Optional.of(new PeerListen(LOOPBACK, "")));
    assertThatThrownBy(() -> join(b, invite(c)))
        .hasMessageContaining("of a realm with others already");
    assertThatThrownBy(() -> join(b, invite(a)))
        .hasMessageContaining("of a realm with others already");
  }

  @Test
  void nodeThatNoSiteCanComeToInvitesNobody() throws IOException {
    Node b = open("b");
    assertThatThrownBy(() -> invite(b)).hasMessageContaining("--peer-listen");
    Node everywhere =
        open("c", Optional.of(new PeerListen(new InetSocketAddress("0.0.0.0", 0), "")));
    assertThatThrownBy(() -> invite(everywhere)).hasMessageContaining("--peer-address");
    Node told =
        open("d", Optional.of(new PeerListen(new InetSocketAddress("0.0.0.0", 0), "d.example:9")));
    assertThat(invite(told)).startsWith("skarb-invite:d.example:9:");
  }

  @Test
  void oneAccessKeyWithTwoSecretsIsRefusedAndWithOneIsNot() throws IOException {
    makeKey(a, "shared", "one and the same secret");
    makeKey(a, "ann", "the secret of ann at a");
    Node b = open("b");
    makeKey(b, "shared", "one and the same secret");
    makeKey(b, "ann", "the secret of ann at b");
    String line = invite(a);
    refused(b, line, Status.Code.FAILED_PRECONDITION, "both sites have the access key ann");
    Object _ =
        AccessGrpc.newBlockingStub(b.operatorChannel())
            .deleteKey(skarb.v1.DeleteKeyRequest.newBuilder().setAccessKeyId("ann").build());
    join(b, line);
  }

  @Test
  void secretsOfTheStoreThatJoinsOpenAfterwardsAndUnderTheRealmsKey() throws IOException {
    Node b = open("b");
    makeKey(b, "bob", "the secret of bob");
    join(b, invite(a));
    Object _ =
        AccessGrpc.newBlockingStub(b.operatorChannel())
            .createKey(
                CreateKeyRequest.newBuilder()
                    .setAccessKeyId("bob")
                    .setSecretKey("the secret of bob")
                    .setIfAbsent(true)
                    .build());
    b.close();
    mustBeUnderTheRealmsKey("bob", "the secret of bob");
  }

  /// What is in the row of a key at b opens with the keys of a.
  private void mustBeUnderTheRealmsKey(String id, String secret) throws IOException {
    a.close();
    SealedSecret sealed;
    try (Storage storage = Storage.open(config("b"), seams(), line -> {})) {
      sealed = new Catalog(storage.index()).accessKey(id).orElseThrow().key().getSecret();
    }
    try (Storage storage = Storage.open(config("a"), seams(), line -> {})) {
      assertThat(SecretBox.of(storage.keyring(), seams().random()).open(id, sealed))
          .isEqualTo(secret);
    }
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Joins with a node that stops at a step.
  private void joinAndStopAt(JoinSteps.Step step, String line) throws IOException {
    try (Storage storage = Storage.open(config("b"), seams(), progress -> {})) {
      LocalRealm realm =
          storage.realm(
              new CatalogAccessKeys(new Catalog(storage.index())),
              SecretBox.of(storage.keyring(), seams().random()));
      Joiner joiner =
          new Joiner(
              seams(),
              realm,
              storage.sealed(Services.JOIN_FILE, Services.JOINING),
              reached -> {
                if (reached == step) {
                  throw new Stopped();
                }
              });
      assertThatThrownBy(() -> joiner.join(line)).isInstanceOf(Stopped.class);
    }
  }

  @ParameterizedTest
  @EnumSource(JoinSteps.Step.class)
  void crashAtAnyStepLeavesASiteThatJoinedOrOneThatCanTryAgain(JoinSteps.Step step)
      throws IOException {
    Node b = open("b");
    makeKey(b, "bob", "the secret of bob");
    b.close();
    String line = invite(a);
    joinAndStopAt(step, line);
    Node again = open("b");
    if (step == JoinSteps.Step.ANSWERED) {
      assertThat(again.peers().all()).isEmpty();
      refused(again, line, Status.Code.PERMISSION_DENIED, "no such invitation");
      join(again, invite(a));
    }
    assertThat(again.peers().find(a.siteId())).isPresent();
    assertThat(folder.resolve("b/join")).doesNotExist();
    again.close();
    try (Storage storage = Storage.open(config("b"), seams(), progress -> {})) {
      Catalog catalog = new Catalog(storage.index());
      assertThat(catalog.member(a.siteId())).isPresent();
      assertThat(catalog.member(again.siteId())).isPresent();
    }
    mustBeUnderTheRealmsKey("bob", "the secret of bob");
  }

  @Test
  void memberThatNeverSentAnythingMayComeAgain() throws IOException {
    Node b = open("b");
    SiteId site = b.siteId();
    Object _ =
        AdminGrpc.newBlockingStub(a.operatorChannel())
            .setMember(
                SetMemberRequest.newBuilder().setSiteId(site.toString()).setName("b").build());
    join(b, invite(a)); // a member that sent nothing yet may come again: its answer was lost
    assertThat(b.peers().all()).hasSize(1);
  }
}
