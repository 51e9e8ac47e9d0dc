package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.NodeAddress;
import skarb.cli.wiring.RemoteGateway;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.cli.wiring.SkarbServer;
import skarb.s3.GatewayConfig;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A gateway that reaches its node over the network, by TLS, with a key of its own.
class RemoteGatewayTest {
  private static final KeyPair USER = new KeyPair("user-key", "user-secret");
  private static final KeyPair GATEWAY = new KeyPair("gateway-key", "gateway-secret");

  @TempDir Path folder;
  private TlsFiles tls;
  private SkarbServer server;

  @BeforeEach
  void start() throws Exception {
    tls = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    TestCertificate.write(tls);
    server = server(0);
    var _ =
        CommandRun.of(
                "keys",
                "create",
                "--data",
                folder.resolve("data").toString(),
                "--role",
                "gateway",
                "--access-key",
                GATEWAY.accessKey(),
                "--secret-key-file",
                Files.writeString(folder.resolve("secret"), GATEWAY.secretKey()).toString())
            .succeeds();
  }

  private SkarbServer server(int grpcPort) throws Exception {
    return SkarbServer.start(
        new ServerConfig(
            folder.resolve("data"),
            "",
            loopback(0),
            loopback(grpcPort),
            Optional.of(tls),
            "us-east-1",
            Optional.of(USER)),
        line -> {});
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop(Duration.ofSeconds(5));
  }

  private RemoteGateway gateway(KeyPair key) throws Exception {
    return RemoteGateway.start(
        GatewayConfig.defaults(loopback(0)),
        new NodeAddress(
            HostPort.parse(HostPort.text(server.grpcAddress())), tls.certificate(), false),
        key);
  }

  private static S3Client client(RemoteGateway gateway, KeyPair key) {
    return S3Client.builder()
        .endpointOverride(URI.create("http://" + HostPort.text(gateway.s3Address())))
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(key.accessKey(), key.secretKey())))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .overrideConfiguration(config -> config.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .httpClient(Apache5HttpClient.create())
        .build();
  }

  private static int statusOfListing(S3Client s3) {
    try {
      var _ = s3.listBuckets();
      return 200;
    } catch (S3Exception e) {
      return e.statusCode();
    }
  }

  @Test
  void bodiesGoThroughBothWays() throws Exception {
    byte[] body = AwsSdkFixture.randomBytes(9 << 20);
    try (RemoteGateway gateway = gateway(GATEWAY);
        S3Client s3 = client(gateway, USER)) {
      assertThat(gateway.unreachable()).isEmpty();
      var _ = s3.createBucket(r -> r.bucket("far"));
      var _ = s3.putObject(r -> r.bucket("far").key("k"), RequestBody.fromBytes(body));
      assertThat(s3.getObjectAsBytes(r -> r.bucket("far").key("k")).asByteArray()).isEqualTo(body);
      assertThat(s3.listObjectsV2(r -> r.bucket("far")).contents()).hasSize(1);
    }
  }

  @Test
  void keyWithoutTheRoleIsRefusedAtTheStart() {
    assertThatThrownBy(() -> gateway(USER))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("user-key is not a gateway's key at ")
        .hasMessageContaining("skarb keys create --role gateway");
    assertThatThrownBy(() -> gateway(new KeyPair("gateway-key", "another-secret")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("the node does not take the gateway's own key gateway-key");
  }

  @Test
  void gatewaysKeyMakesNoRequestsOfItsOwn() throws Exception {
    try (RemoteGateway gateway = gateway(GATEWAY);
        S3Client s3 = client(gateway, GATEWAY)) {
      assertThat(statusOfListing(s3)).isEqualTo(403);
    }
  }

  @Test
  void nodeThatIsAwayIs503UntilItIsBack() throws Exception {
    int port = server.grpcAddress().getPort();
    try (RemoteGateway gateway = gateway(GATEWAY);
        S3Client s3 = client(gateway, USER)) {
      assertThat(statusOfListing(s3)).isEqualTo(200);
      server.stop(Duration.ofSeconds(5));
      assertThat(statusOfListing(s3)).isEqualTo(503);
      try (RemoteGateway early =
          RemoteGateway.start(
              GatewayConfig.defaults(loopback(0)),
              new NodeAddress(new HostPort("127.0.0.1", port), tls.certificate(), false),
              GATEWAY)) {
        assertThat(early.unreachable()).isPresent();
        server = server(port);
        try (S3Client other = client(early, USER)) {
          Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> statusOfListing(s3) == 200 && statusOfListing(other) == 200);
        }
      }
    }
  }

  @Test
  void gatewayWhoseOwnKeyStoppedWorkingBlamesNobodyElse() throws Exception {
    try (RemoteGateway gateway = gateway(GATEWAY);
        S3Client s3 = client(gateway, USER)) {
      assertThat(statusOfListing(s3)).isEqualTo(200);
      var _ =
          CommandRun.of(
                  "keys",
                  "disable",
                  GATEWAY.accessKey(),
                  "--data",
                  folder.resolve("data").toString())
              .succeeds();
      assertThat(statusOfListing(s3)).isEqualTo(503);
      try (S3Client stranger = client(gateway, new KeyPair("no-such-key", "no-such-secret"))) {
        assertThat(statusOfListing(stranger)).isEqualTo(503);
      }
    }
  }
}
