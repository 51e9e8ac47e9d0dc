package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.SkarbServer;
import skarb.node.NodeConfig.PeerListen;

/// `skarb certs`, and the lines of `skarb peers invite` and `join`, as they are typed.
class CertsCommandTest {
  @TempDir Path folder;
  private SkarbServer server;

  @BeforeEach
  void start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        SkarbServer.start(
            new ServerConfig(
                    data("a"), "a", any, any, Optional.empty(), "us-east-1", Optional.empty())
                .withPeers(new PeerListen(any, "")),
            line -> {});
  }

  @AfterEach
  void stop() throws IOException {
    server.stop(Duration.ofSeconds(5));
  }

  private Path data(String name) {
    return folder.resolve(name);
  }

  private record Run(int exitCode, String out, String err) {}

  private Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out));
    commands.setErr(new PrintWriter(err));
    return new Run(commands.execute(arguments), out.toString(), err.toString());
  }

  private JsonNode certs(String... arguments) throws IOException {
    String[] all = new String[arguments.length + 4];
    all[0] = "certs";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--data";
    all[arguments.length + 2] = data("a").toString();
    all[arguments.length + 3] = "--json";
    Run run = run(all);
    assertThat(run.err()).isEmpty();
    return new ObjectMapper().readTree(run.out());
  }

  @Test
  void certificateIsShownAndRenewedOnARunningServer() throws Exception {
    JsonNode before = certs("show");
    assertThat(before.get("issues").booleanValue()).isTrue();
    assertThat(before.get("authorities").get(0).get("fingerprint").textValue()).hasSize(64);
    JsonNode renewed = certs("renew").get("site");
    assertThat(renewed.get("fingerprint")).isNotEqualTo(before.get("site").get("fingerprint"));
    assertThat(certs("show").get("site")).isEqualTo(renewed);
    Run text = run("certs", "show", "--data", data("a").toString());
    assertThat(text.out()).contains("authority", "this site can renew, issue and invite");
  }

  @Test
  void ownAuthorityIssuesFromThenOn() throws Exception {
    writeAuthority();
    JsonNode taken =
        certs("init", "--ca-cert", file("ca.pem").toString(), "--ca-key", file("ca.key").toString())
            .get("site");
    JsonNode shown = certs("show");
    assertThat(shown.get("site")).isEqualTo(taken);
    assertThat(shown.get("authorities").get(0).get("subject").textValue()).contains("Company");
    KeyPair keys = keys();
    pem(
        file("b.csr"),
        "CERTIFICATE REQUEST",
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=b"), keys.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded());
    Run issued =
        run(
            "certs",
            "issue",
            "--data",
            data("a").toString(),
            "--csr",
            file("b.csr").toString(),
            "--site-id",
            "0a0b0c0d");
    assertThat(issued.err()).isEmpty();
    assertThat(issued.out()).startsWith("-----BEGIN CERTIFICATE-----");
    Run invited = run("peers", "invite", "--data", data("a").toString());
    assertThat(invited.out())
        .contains(":" + shown.get("authorities").get(0).get("fingerprint").textValue() + ":");
  }

  @Test
  void whatIsNoKeyOrNoCertificateIsOneLine() throws Exception {
    writeAuthority();
    Files.writeString(file("nonsense"), "nonsense");
    Run noKey =
        run(
            "certs",
            "init",
            "--data",
            data("a").toString(),
            "--ca-cert",
            file("ca.pem").toString(),
            "--ca-key",
            file("nonsense").toString());
    assertThat(noKey.exitCode()).isEqualTo(1);
    assertThat(noKey.err()).contains("one PRIVATE KEY in PEM").doesNotContain("nonsense\n\n");
    Run noCertificate =
        run(
            "certs",
            "init",
            "--data",
            data("a").toString(),
            "--ca-cert",
            file("nonsense").toString());
    assertThat(noCertificate.err()).contains("no certificate in PEM");
    assertThat(run("certs", "init", "--data", data("a").toString(), "--key", "x").err())
        .contains("go with --ca-cert");
  }

  @Test
  void oneLineJoinsAnotherStore() {
    Run invited = run("peers", "invite", "--data", data("a").toString(), "--ttl", "5m");
    assertThat(invited.err()).isEmpty();
    assertThat(invited.out().strip().lines()).hasSize(1);
    Run nothing = run("peers", "join", invited.out().strip(), "--data", data("b").toString());
    assertThat(nothing.err()).contains("there is no store in");
    Run notOne = run("peers", "join", "hello", "--data", data("a").toString());
    assertThat(notOne.err()).contains("not an invitation");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static KeyPair keys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private void writeAuthority() throws Exception {
    KeyPair keys = keys();
    X500Name name = new X500Name("CN=Company");
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.TEN,
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            name,
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    pem(
        file("ca.pem"),
        "CERTIFICATE",
        builder
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded());
    pem(file("ca.key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private static void pem(Path file, String type, byte[] der) throws IOException {
    Files.writeString(
        file,
        "-----BEGIN "
            + type
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + type
            + "-----\n");
  }
}
