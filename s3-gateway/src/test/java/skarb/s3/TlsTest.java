package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.s3.auth.Authentication;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.auth.Principal;
import skarb.s3.fake.FakeNode;

class TlsTest {
  private static final Path CERTIFICATE = Path.of("src/test/resources/tls/localhost.pem");
  private static final Path KEY = Path.of("src/test/resources/tls/localhost-key.pem");

  private static Gateway start(FakeNode node, Path certificate, Path key) throws IOException {
    return Gateway.start(
        GatewayConfig.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .withTls(new GatewayConfig.Tls(certificate, key)),
        node.channel(),
        InstantSource.system(),
        new Random(1),
        _ ->
            new Authentication.Signed(
                new Principal("ANN", 1, "user-ANN", "ANN"), new PayloadSigning.Unsigned()));
  }

  @Test
  void objectsTravelOverTls() throws Exception {
    try (FakeNode node = new FakeNode();
        Gateway gateway = start(node, CERTIFICATE, KEY);
        HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      node.store().addBucket("box", "somebody");
      URI uri = URI.create("https://localhost:" + gateway.address().getPort() + "/box/a");
      byte[] body = new byte[3_000_000];
      new Random(2).nextBytes(body);

      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(uri)
                          .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                          .build(),
                      HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(200);
      HttpResponse<byte[]> got =
          client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
      assertThat(got.body()).isEqualTo(body);
    }
  }

  @Test
  void whatIsNoCertificateIsNamed(@TempDir Path folder) throws Exception {
    Path nonsense = Files.writeString(folder.resolve("cert.pem"), "nonsense");
    try (FakeNode node = new FakeNode()) {
      assertThatThrownBy(() -> start(node, nonsense, KEY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cert.pem");
    }
  }

  private static SSLContext trusting() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(CERTIFICATE)) {
      store.setCertificateEntry(
          "localhost", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
