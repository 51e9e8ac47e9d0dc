package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS by files on the network's listener.
class TlsTest {
  @TempDir Path directory;

  @Test
  void listenerServesTlsByTheFilesThatItIsGiven() throws Exception {
    Path certificate = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    makeCertificate(certificate, key);
    try (ServerFixture fixture = new ServerFixture(directory, CallLimits.usual())) {
      Server server = fixture.servers.network(config(certificate, key)).start();
      fixture.servers.setServing(true);
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(
                  "localhost",
                  server.getPort(),
                  TlsChannelCredentials.newBuilder().trustManager(certificate.toFile()).build())
              .build();
      try {
        assertThat(
                HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus())
            .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
      } finally {
        channel.shutdownNow();
        server.shutdownNow();
      }
    }
  }

  @Test
  void filesThatAreNotThereAreAnErrorBeforeAnythingListens() throws Exception {
    Path nothing = directory.resolve("nothing.pem");
    try (ServerFixture fixture = new ServerFixture(directory, CallLimits.usual())) {
      assertThatThrownBy(() -> fixture.servers.network(config(nothing, nothing)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nothing.pem");
    }
  }

  private static ListenConfig config(Path certificate, Path key) {
    return new ListenConfig(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        Optional.of(new ListenConfig.Tls(certificate, key)));
  }

  private static void makeCertificate(Path certificate, Path key) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name("CN=localhost");
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now.minusSeconds(60)),
            Date.from(now.plusSeconds(3600)),
            name,
            pair.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost")));
    writePem(
        certificate,
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    writePem(key, new JcaPKCS8Generator(pair.getPrivate(), null));
  }

  private static void writePem(Path file, Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    Files.writeString(file, text.toString());
  }
}
