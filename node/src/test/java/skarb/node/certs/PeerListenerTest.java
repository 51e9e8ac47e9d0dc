package skarb.node.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.node.NodeConfig.PeerListen;
import skarb.node.access.MethodRoles;
import skarb.node.access.NodeSecrets;
import skarb.node.certs.CertificateMaker.Issuer;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.v1.AdminGrpc;
import skarb.v1.OplogGrpc;
import skarb.v1.SetMemberRequest;
import skarb.v1.TailRequest;
import skarb.v1.TailResponse;

/// Walks every method of every service on the listener for peers, with every kind of certificate.
class PeerListenerTest {
  private static final SiteId MEMBER = new SiteId(0x0b0b0b0b);

  @TempDir Path directory;
  private final CertWorld world = new CertWorld();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private Node node;
  private SiteCertificates certificates;

  @BeforeEach
  void start() throws IOException {
    Seams seams =
        new Seams(
            (InstantSource) () -> now,
            System::nanoTime,
            Thread.ofVirtual().factory(),
            timer,
            new Random(5));
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    node =
        Node.open(
            NodeConfig.server(directory, "a", loopback, Optional.empty(), Optional.empty())
                .withPeers(Optional.of(new PeerListen(loopback, ""))),
            seams,
            line -> {});
    certificates =
        new SiteCertificates(
            directory,
            NodeSecrets.open(directory, false, new Random(1)).nodeKey(),
            node.siteId(),
            "a",
            seams);
    setMember(false);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
    timer.shutdownNow();
  }

  private void setMember(boolean left) {
    AdminGrpc.newBlockingStub(node.operatorChannel())
        .setMember(
            SetMemberRequest.newBuilder()
                .setSiteId(MEMBER.toString())
                .setName("b")
                .setLeft(left)
                .build());
  }

  private Issuer realm() {
    return certificates.current().orElseThrow().issuer().orElseThrow();
  }

  @Test
  void siteOfTheRealmGetsOplogAndChunksAndNothingElse() throws Exception {
    Map<String, String> verdicts = walk(shows(world.issued(realm(), MEMBER, now)));
    verdicts.forEach((method, verdict) -> {
      boolean open = method.contains(".Oplog/") || method.contains(".Chunks/");
      String closed = method.contains(".Joining/") ? "PERMISSION_DENIED" : "UNIMPLEMENTED";
      assertThat(verdict).as(method).matches(open ? "in.*" : closed + ".*");
    });
  }

  @Test
  void nothingComesBackWithoutACertificate() throws Exception {
    walk(anonymous())
        .forEach((method, verdict) -> assertThat(verdict).as(method).startsWith("UNAVAILABLE"));
  }

  @Test
  void nothingComesBackForTheCertificateOfAnotherAuthority() throws Exception {
    mustGetNothing(world.issued(world.authority("else"), MEMBER, now));
  }

  @Test
  void nothingComesBackForASiteThatIsNoMember() throws Exception {
    mustGetNothing(world.issued(realm(), new SiteId(0x0c0c0c0c), now));
  }

  @Test
  void nothingComesBackForASiteThatHasLeftWhileItsConnectionIsOpen() throws Exception {
    ManagedChannel channel = channel(shows(world.issued(realm(), MEMBER, now)));
    try {
      assertThat(verdict(channel, "skarb.v1.Chunks/FindMissing")).startsWith("in");
      setMember(true);
      assertThat(verdict(channel, "skarb.v1.Chunks/FindMissing")).startsWith("PERMISSION_DENIED");
    } finally {
      channel.shutdownNow();
    }
    mustGetNothing(world.issued(realm(), MEMBER, now));
  }

  @Test
  void streamOfASiteThatLeavesEndsWithTheNextMessage() throws Exception {
    ManagedChannel channel = channel(shows(world.issued(realm(), MEMBER, now)));
    try {
      Iterator<TailResponse> feed =
          OplogGrpc.newBlockingStub(channel)
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .tail(TailRequest.getDefaultInstance());
      assertThat(feed.next().getEntriesCount()).isPositive();
      setMember(true);
      assertThatThrownBy(() -> feed.forEachRemaining(batch -> {}))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void nothingComesBackForACertificateWhoseTimeIsOverEvenWhileItsConnectionIsOpen()
      throws Exception {
    Credentials soon = world.issued(realm(), MEMBER, now);
    ManagedChannel channel = channel(shows(soon));
    try {
      assertThat(verdict(channel, "skarb.v1.Chunks/FindMissing")).startsWith("in");
      now = now.plus(Duration.ofDays(91));
      assertThat(verdict(channel, "skarb.v1.Chunks/FindMissing")).startsWith("PERMISSION_DENIED");
    } finally {
      channel.shutdownNow();
    }
    mustGetNothing(soon);
  }

  @Test
  void nothingComesBackForTheListenersOwnCertificate() throws Exception {
    mustGetNothing(certificates.current().orElseThrow());
  }

  @Test
  void dialerTakesTheSiteThatItWantsAndNoOtherOfTheRealm() throws Exception {
    String address = "127.0.0.1:" + node.peerAddress().orElseThrow().getPort();
    ManagedChannel right = node.peerChannel(address, node.siteId());
    ManagedChannel wrong = node.peerChannel(address, MEMBER);
    try {
      // its own certificate is no peer's there: TLS is through, and the call is refused
      assertThat(verdict(right, "skarb.v1.Oplog/Tail")).startsWith("PERMISSION_DENIED");
      assertThat(verdict(wrong, "skarb.v1.Oplog/Tail")).startsWith("UNAVAILABLE");
    } finally {
      right.shutdownNow();
      wrong.shutdownNow();
    }
  }

  @Test
  void listenerShowsARenewedCertificateToTheNextConnection() throws Exception {
    String before = SiteNames.fingerprint(certificates.current().orElseThrow().certificate());
    now = now.plus(Duration.ofDays(70));
    java.util.List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
    JudgedTrust trust = new JudgedTrust(chain -> seen.add(SiteNames.fingerprint(chain.getFirst())));
    SslContext tls =
        client().trustManager(trust).keyManager(keys(world.issued(realm(), MEMBER, now))).build();
    node.renewCertificates();
    ManagedChannel channel = channel(tls);
    try {
      assertThat(verdict(channel, "skarb.v1.Chunks/FindMissing")).startsWith("in");
      assertThat(seen).isNotEmpty().doesNotContain(before);
    } finally {
      channel.shutdownNow();
    }
  }

  private void mustGetNothing(Credentials credentials) throws Exception {
    walk(shows(credentials))
        .forEach((method, verdict) -> {
          boolean bound =
              method.contains(".Oplog/")
                  || method.contains(".Chunks/")
                  || method.contains(".Joining/");
          assertThat(verdict).as(method).startsWith(bound ? "PERMISSION_DENIED" : "UNIMPLEMENTED");
          if (bound && !method.contains(".Joining/")) {
            assertThat(verdict).as(method).isEqualTo("PERMISSION_DENIED not allowed");
          }
        });
  }

  private static SslContextBuilder client() {
    return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
  }

  private static SiteKeyManager keys(Credentials credentials) {
    SiteKeyManager.Shown shown =
        SiteKeyManager.Shown.of(
            credentials.chain().toArray(X509Certificate[]::new), credentials.key());
    return new SiteKeyManager(() -> shown);
  }

  private static SslContext shows(Credentials credentials) throws IOException {
    return client()
        .trustManager(new JudgedTrust(chain -> {}))
        .keyManager(keys(credentials))
        .build();
  }

  private static SslContext anonymous() throws IOException {
    return client().trustManager(new JudgedTrust(chain -> {})).build();
  }

  private ManagedChannel channel(SslContext tls) {
    return PeerDialer.channel(
        "127.0.0.1:" + node.peerAddress().orElseThrow().getPort(), tls, world.seams());
  }

  private Map<String, String> walk(SslContext tls) throws Exception {
    Map<String, String> verdicts = new TreeMap<>();
    ManagedChannel channel = channel(tls);
    try {
      for (String method : MethodRoles.all().keySet()) {
        verdicts.put(method, verdict(channel, method));
      }
    } finally {
      channel.shutdownNow();
    }
    return verdicts;
  }

  /// Calls a method with an empty message.
  ///
  /// @return `in` where a message came back or the call was judged by the service, else the code
  ///   and the text of the refusal
  private static String verdict(ManagedChannel channel, String method) throws Exception {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder(new Raw(), new Raw())
            .setFullMethodName(method)
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .build();
    ClientCall<byte[], byte[]> call =
        channel.newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
    CompletableFuture<String> result = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            result.complete("in: a message");
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            List<Status.Code> refusals =
                List.of(
                    Status.Code.UNAVAILABLE,
                    Status.Code.PERMISSION_DENIED,
                    Status.Code.UNAUTHENTICATED,
                    Status.Code.UNIMPLEMENTED,
                    Status.Code.DEADLINE_EXCEEDED);
            result.complete(
                refusals.contains(status.getCode())
                    ? status.getCode() + " " + status.getDescription()
                    : "in: " + status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(new byte[0]);
    call.halfClose();
    String verdict = result.get(30, TimeUnit.SECONDS);
    call.cancel("done", null);
    return verdict;
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
