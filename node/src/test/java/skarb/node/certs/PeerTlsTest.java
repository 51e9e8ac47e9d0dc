package skarb.node.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.certs.CertificateMaker.Issuer;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;

/// Handshakes with the kinds of keys that may be brought along.
class PeerTlsTest {
  private static final SiteId SITE = new SiteId(0x0a0a0a0a);

  @TempDir Path directory;
  private final CertWorld world = new CertWorld();

  @Test
  void keysAreOfAnEllipticCurve() throws Exception {
    mustShakeHands(keys("EC", new ECGenParameterSpec("secp256r1")));
  }

  @Test
  void keysAreOfTheLargerCurve() throws Exception {
    mustShakeHands(keys("EC", new ECGenParameterSpec("secp384r1")));
  }

  @Test
  void keysAreOfRsa() throws Exception {
    mustShakeHands(keys("RSA", new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)));
  }

  @Test
  void largestCurveIsRefused() throws Exception {
    assertThatThrownBy(() -> mustShakeHands(keys("EC", new ECGenParameterSpec("secp521r1"))))
        .isInstanceOf(NodeException.class)
        .hasMessageContaining("P-256 or P-384");
  }

  @Test
  void nativeCodeSealsWhatSitesSend() throws Exception {
    assertThat(OpenSsl.unavailabilityCause()).isNull();
    SiteCertificates certificates = world.site(directory, SITE.value(), true);
    PeerTls tls = new PeerTls(certificates, world.time);
    assertThat(tls.listener()).isInstanceOf(OpenSslContext.class);
    assertThat(tls.dialer(SITE)).isInstanceOf(OpenSslContext.class);
  }

  private static KeyPair keys(String algorithm, AlgorithmParameterSpec kind) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(kind);
    return generator.generateKeyPair();
  }

  private void mustShakeHands(KeyPair keys) throws Exception {
    Issuer authority = world.authority("brought along");
    X509Certificate certificate =
        world.maker.site(authority, SITE, "a", "", keys.getPublic(), world.time.instant());
    SiteCertificates certificates = world.site(directory, SITE.value(), true);
    certificates.adopt(
        List.of(authority.certificate()),
        Optional.empty(),
        Optional.of(new SiteCertificates.Own(List.of(certificate), keys.getPrivate())));
    PeerTls tls = new PeerTls(certificates, world.time);
    HealthStatusManager health = new HealthStatusManager();
    health.setStatus("", ServingStatus.SERVING);
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(tls.listener())
            .addService(health.getHealthService())
            .build()
            .start();
    ManagedChannel channel =
        PeerDialer.channel("127.0.0.1:" + server.getPort(), tls.dialer(SITE), world.seams());
    try {
      assertThat(
              HealthGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(30, TimeUnit.SECONDS)
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
    } finally {
      channel.shutdownNow();
      server.shutdownNow();
    }
  }
}
