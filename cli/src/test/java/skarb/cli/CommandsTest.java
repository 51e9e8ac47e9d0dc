package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.cli.wiring.SkarbServer;

/// The commands as somebody at a terminal meets them: answers on standard output, one line on
/// standard error and an exit code where something is wrong.
class CommandsTest {
  @TempDir Path folder;

  private record Run(int exitCode, String out, String err) {}

  private Run run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commands = Main.commandLine();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return new Run(commands.execute(arguments), out.toString(), err.toString());
  }

  private Path data() {
    return folder.resolve("data");
  }

  private ServerConfig config(Optional<TlsFiles> tls, Optional<KeyPair> key) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ServerConfig(data(), "", any, any, tls, "us-east-1", key);
  }

  private static void fails(Run run, int exitCode, String saying) {
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.err()).startsWith("skarb: ").contains(saying);
    assertThat(run.err().strip().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  private static JsonNode json(Run run) throws IOException {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("schema_version").intValue()).isEqualTo(1);
    return report;
  }

  @Test
  void versionTellsItself() throws IOException {
    assertThat(run("version").out()).startsWith("skarb ");
    assertThat(json(run("version", "--json")).get("version").textValue()).isNotEmpty();
  }

  @Test
  void aCommandLineThatMeansNothingIsRefusedInOneLine() {
    fails(run("server", "--no-such-option"), 2, "see 'skarb server --help'");
    fails(run("server", "--s3-listen", "nonsense"), 2, "'nonsense' is not HOST:PORT");
    fails(run("token", "--ttl", "soon"), 2, "is not a duration");
    fails(run("keys", "disable"), 2, "ACCESS_KEY");
  }

  @Test
  void aServerOffLoopbackWantsTls() {
    fails(
        run("server", "--data", data().toString(), "--s3-listen", "0.0.0.0:0"),
        1,
        "--s3-listen 0.0.0.0:0 is off loopback: give --tls-cert and --tls-key, or --insecure");
    fails(
        run("server", "--data", data().toString(), "--tls-cert", "cert.pem"),
        1,
        "--tls-cert and --tls-key go together");
    assertThat(data()).doesNotExist();
  }

  @Test
  void aPortThatIsTakenIsOneLineAndCostsNoKey() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      fails(
          run(
              "server",
              "--data",
              data().toString(),
              "--grpc-listen",
              "127.0.0.1:0",
              "--s3-listen",
              address),
          1,
          address);
      fails(
          run(
              "server",
              "--data",
              data().toString(),
              "--s3-listen",
              "127.0.0.1:0",
              "--grpc-listen",
              address),
          1,
          address);
    }
    assertThat(json(run("keys", "list", "--data", data().toString(), "--json")).get("keys"))
        .isEmpty();
  }

  @Test
  void aFolderWithoutAStoreIsNotMadeByAsking() {
    fails(run("keys", "list", "--data", data().toString()), 1, "there is no store in " + data());
    assertThat(data()).doesNotExist();
  }

  @Test
  void theFirstStartLeavesItsKeyInAFileOfItsOwners() throws Exception {
    SkarbServer server = SkarbServer.start(config(Optional.empty(), Optional.empty()), line -> {});
    server.stop(Duration.ofSeconds(5));
    Path file = data().resolve("first-key");
    assertThat(Files.readString(file))
        .matches("AWS_ACCESS_KEY_ID=\\S{20}\nAWS_SECRET_ACCESS_KEY=\\S{40}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data())))
        .isEqualTo("rwx------");
  }

  @Test
  void keysAreManagedOnALiveServerAndOnAFolderThatNobodyHolds() throws Exception {
    SkarbServer server =
        SkarbServer.start(
            config(Optional.empty(), Optional.of(new KeyPair("first-key", "first-secret"))),
            line -> {});
    try {
      JsonNode made =
          json(
              run(
                  "keys",
                  "create",
                  "--data",
                  data().toString(),
                  "--access-key",
                  "live-key",
                  "--secret-key-file",
                  Files.writeString(folder.resolve("secret"), "live-secret\n").toString(),
                  "--user-id",
                  "ala",
                  "--display-name",
                  "Ala",
                  "--email",
                  "ala@example.test",
                  "--json"));
      assertThat(made.get("access_key").textValue()).isEqualTo("live-key");
      assertThat(made.get("secret_key").textValue()).isEqualTo("live-secret");
      assertThat(made.get("email").textValue()).isEqualTo("ala@example.test");
      assertThat(run("token", "--data", data().toString()).out().strip()).isNotEmpty();
      fails(
          run("token", "--data", data().toString(), "--access-key", "no-such-key"),
          1,
          "no such access key");
      assertThat(
              json(run(
                      "status",
                      "--node",
                      HostPort.text(server.grpcAddress()),
                      "--token-file",
                      data().resolve("operator-token").toString(),
                      "--json"))
                  .get("accepts_writes")
                  .booleanValue())
          .isTrue();
      fails(
          run("status", "--node", HostPort.text(server.grpcAddress())),
          1,
          "--node goes with --token-file");
    } finally {
      server.stop(Duration.ofSeconds(5));
    }
    assertThat(run("keys", "create", "--data", data().toString(), "--access-key", "offline-key"))
        .extracting(Run::exitCode)
        .isEqualTo(0);
    assertThat(
            json(run("keys", "disable", "--data", data().toString(), "live-key", "--json"))
                .get("enabled")
                .booleanValue())
        .isFalse();
    assertThat(run("keys", "list", "--data", data().toString()).out())
        .contains("first-key", "offline-key", "operator")
        .containsPattern("live-key\\s+ala\\s+disabled");
  }

  @Test
  void anEnvironmentsKeyWithAnotherSecretStopsTheStart() throws Exception {
    SkarbServer.start(
            config(Optional.empty(), Optional.of(new KeyPair("same-key", "one-secret"))),
            line -> {})
        .stop(Duration.ofSeconds(5));
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(() ->
                SkarbServer.start(
                    config(
                        Optional.empty(), Optional.of(new KeyPair("same-key", "another-secret"))),
                    line -> {})))
        .hasMessage("the store has the access key same-key with another secret");
    SkarbServer.start(
            config(Optional.empty(), Optional.of(new KeyPair("same-key", "one-secret"))),
            line -> {})
        .stop(Duration.ofSeconds(5));
  }

  @Test
  void commandsReachAServerThatSpeaksTls() throws Exception {
    TlsFiles tls = new TlsFiles(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    TestCertificate.write(tls);
    SkarbServer server = SkarbServer.start(config(Optional.of(tls), Optional.empty()), line -> {});
    try {
      assertThat(json(run("keys", "list", "--data", data().toString(), "--json")).get("keys"))
          .hasSize(1);
      String[] byAddress = {
        "keys",
        "list",
        "--node",
        HostPort.text(server.grpcAddress()),
        "--token-file",
        data().resolve("operator-token").toString(),
        "--ca",
        tls.certificate().toString()
      };
      assertThat(run(byAddress).exitCode()).isZero();
    } finally {
      server.stop(Duration.ofSeconds(5));
    }
  }
}
