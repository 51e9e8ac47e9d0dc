package skarb.s3;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import skarb.s3.auth.Authentication;
import skarb.s3.auth.Authenticator;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.auth.Principal;
import skarb.s3.fake.FakeNode;
import skarb.s3.http.Limits;
import skarb.s3.route.RequestHead;

/// A gateway before a fake node, on a free port of loopback. Callers name their key and are
/// believed: `Authorization: Key ANN`. Bucket `box` is Ann's.
final class TestGateway implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  final FakeNode node = new FakeNode();
  final Gateway gateway;
  private final AtomicLong believed = new AtomicLong(node.access().generation());
  private final List<String> forgotten = new CopyOnWriteArrayList<>();
  private final AtomicInteger authenticated = new AtomicInteger();

  TestGateway() {
    this(Limits.defaults());
  }

  TestGateway(Limits limits) {
    this(config -> config.withLimits(limits));
  }

  TestGateway(UnaryOperator<GatewayConfig> configure) {
    node.store().addBucket("box", "user-ANN");
    GatewayConfig config =
        configure.apply(
            GatewayConfig.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    try {
      gateway =
          Gateway.start(
              config, node.channel(), InstantSource.fixed(NOW), new Random(1), new Believer());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpClientSocket connect() {
    return new HttpClientSocket(gateway.address());
  }

  /// One request on a connection of its own.
  HttpClientSocket.Answer ask(String request) {
    try (HttpClientSocket socket = connect()) {
      return socket.send(request).answer();
    }
  }

  @Override
  public void close() {
    gateway.close();
    node.close();
  }

  /// Callers come with a generation of their key that may be old, until it is forgotten.
  void believeInGeneration(long old) {
    believed.set(old);
  }

  /// The keys that the gateway was told to forget.
  List<String> forgotten() {
    return forgotten;
  }

  /// How many requests came as far as to be asked who sent them: what a handler sees is among them.
  int authenticated() {
    return authenticated.get();
  }

  private final class Believer implements Authenticator {
    @Override
    public Authentication authenticate(RequestHead head) {
      authenticated.incrementAndGet();
      PayloadSigning payload = payload(head);
      String key = head.header("authorization").orElse("");
      if (!key.startsWith("Key ")) {
        return new Authentication.Anonymous(payload);
      }
      String id = key.substring(4);
      return new Authentication.Signed(
          new Principal(id, believed.get(), "user-" + id, id), payload);
    }

    @Override
    public void forget(String accessKeyId) {
      forgotten.add(accessKeyId);
      believed.set(node.access().generation());
    }

    private static PayloadSigning payload(RequestHead head) {
      String sha256 = head.header("x-amz-content-sha256").orElse("");
      if (sha256.equals("STREAMING-UNSIGNED-PAYLOAD-TRAILER")) {
        return new PayloadSigning.StreamingUnsignedTrailer(
            Long.parseLong(head.header("x-amz-decoded-content-length").orElse("0")),
            Optional.ofNullable(head.header("x-amz-trailer").orElse(null)));
      }
      return sha256.length() == 64
          ? new PayloadSigning.Hash(ByteString.copyFrom(HexFormat.of().parseHex(sha256)))
          : new PayloadSigning.Unsigned();
    }
  }
}
