package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.cli.wiring.SkarbServer;

/// Certificates of a kind that BoringSSL, which sites use between them, does not know.
class ListenerTlsTest {
  @TempDir Path folder;

  @Test
  void listenersTakeCertificatesOfEd25519() throws Exception {
    TlsFiles files = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    TestCertificate.write(
        files, KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "Ed25519");
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path data = folder.resolve("data");
    SkarbServer server =
        SkarbServer.start(
            new ServerConfig(
                data, "a", any, any, Optional.of(files), "us-east-1", Optional.empty()),
            line -> {});
    try {
      assertThat(health(server, files)).isEqualTo(200);
      CommandRun status =
          CommandRun.of(
              "status",
              "--node",
              HostPort.text(server.grpcAddress()),
              "--ca",
              files.certificate().toString(),
              "--token-file",
              data.resolve("operator-token").toString());
      assertThat(status.succeeds().out()).contains("a");
      assertThat(CommandRun.of("status", "--data", data.toString()).succeeds().out()).contains("a");
    } finally {
      server.stop(Duration.ofSeconds(5));
    }
  }

  private static int health(SkarbServer server, TlsFiles files) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {TestCertificate.trusting(files.certificate())}, null);
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      URI uri = URI.create("https://" + HostPort.text(server.s3Address()) + "/health/ready");
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
