package skarb.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.wiring.NodeConnection;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;
import skarb.node.NodeConfig.PeerListen;
import skarb.v1.PeersGrpc;
import skarb.v1.PeersInviteRequest;
import skarb.v1.PeersJoinRequest;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Two whole servers that are joined as a person joins them, and then hold the same.
class JoinedServersTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final KeyPair ANN = new KeyPair("ann", "the secret of ann");
  private static final KeyPair BOB = new KeyPair("bob", "the secret of bob");

  @TempDir Path folder;
  private final List<SkarbServer> servers = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (SkarbServer server : servers) {
      server.stop(Duration.ofSeconds(5));
    }
  }

  private SkarbServer start(String name, KeyPair key, int peerPort) throws IOException {
    ServerConfig config =
        new ServerConfig(
            folder.resolve(name), "", ANY, ANY, Optional.empty(), "us-east-1", Optional.of(key));
    SkarbServer server =
        SkarbServer.start(
            peerPort < 0
                ? config
                : config.withPeers(
                    new PeerListen(new InetSocketAddress(ANY.getAddress(), peerPort), "")),
            line -> {});
    servers.add(server);
    return server;
  }

  private void stop(SkarbServer server) throws IOException {
    servers.remove(server);
    server.stop(Duration.ofSeconds(5));
  }

  private String invite(String name) throws IOException {
    try (NodeConnection node = NodeConnection.ofDirectory(folder.resolve(name))) {
      return PeersGrpc.newBlockingStub(node.channel())
          .invite(PeersInviteRequest.getDefaultInstance())
          .getInvitation();
    }
  }

  private void join(String name, String line) throws IOException {
    try (NodeConnection node = NodeConnection.ofDirectory(folder.resolve(name))) {
      Object _ =
          PeersGrpc.newBlockingStub(node.channel())
              .join(PeersJoinRequest.newBuilder().setInvitation(line).build());
    }
  }

  private static S3Client s3(SkarbServer server, KeyPair key) {
    return S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + server.s3Address().getPort()))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.accessKey(), key.secretKey())))
        .build();
  }

  private static void put(SkarbServer server, KeyPair key, String bucket, String object) {
    try (S3Client s3 = s3(server, key)) {
      Object _ =
          s3.putObject(
              request -> request.bucket(bucket).key(object),
              RequestBody.fromString("content of " + object));
    }
  }

  private static void makeBucket(SkarbServer server, KeyPair key, String bucket) {
    try (S3Client s3 = s3(server, key)) {
      Object _ = s3.createBucket(request -> request.bucket(bucket));
    }
  }

  private static void has(SkarbServer server, KeyPair key, String bucket, String object) {
    try (S3Client s3 = s3(server, key)) {
      assertThat(s3.getObjectAsBytes(request -> request.bucket(bucket).key(object)).asUtf8String())
          .isEqualTo("content of " + object);
    }
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(assertion);
  }

  @Test
  void runningServersThatHoldDataAndKeysKeepAndShareThemOnceJoined() throws IOException {
    SkarbServer a = start("a", ANN, 0);
    SkarbServer b = start("b", BOB, -1);
    makeBucket(a, ANN, "of-ann");
    put(a, ANN, "of-ann", "before");
    makeBucket(b, BOB, "of-bob");
    put(b, BOB, "of-bob", "before");

    join("b", invite("a"));

    eventually(() -> has(b, ANN, "of-ann", "before"));
    eventually(() -> has(a, BOB, "of-bob", "before"));
    put(b, ANN, "of-ann", "written at b");
    put(a, BOB, "of-bob", "written at a");
    eventually(() -> has(a, ANN, "of-ann", "written at b"));
    eventually(() -> has(b, BOB, "of-bob", "written at a"));
  }

  @Test
  void storeThatNoServerHoldsJoinsAndExchangesWhenItIsStarted() throws IOException {
    SkarbServer a = start("a", ANN, 0);
    makeBucket(a, ANN, "of-ann");
    put(a, ANN, "of-ann", "before");
    stop(start("b", BOB, -1));

    join("b", invite("a"));

    SkarbServer b = start("b", BOB, -1);
    eventually(() -> has(b, ANN, "of-ann", "before"));
    int port = a.peerAddress().orElseThrow().getPort();
    stop(a);
    makeBucket(b, BOB, "of-bob");
    put(b, BOB, "of-bob", "while a was down");
    SkarbServer again = start("a", ANN, port);
    eventually(() -> has(again, BOB, "of-bob", "while a was down"));
  }
}
