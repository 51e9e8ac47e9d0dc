package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.SkarbServer;

/// What stops a start: one line that says what, where and what to do, and an exit code of 1.
class StartErrorsTest {
  @TempDir Path folder;

  /// Puts something in the way of a store at this path.
  interface Obstacle {
    void at(Path data) throws Exception;
  }

  static Stream<Arguments> obstacles() {
    Obstacle file = data -> Files.writeString(data, "");
    Obstacle newer =
        data -> {
          init(data);
          Path store = data.resolve("store");
          Files.writeString(store, Files.readString(store).replaceFirst("^(\\D+)1", "$199"));
        };
    Obstacle damaged =
        data -> {
          init(data);
          Path store = data.resolve("store");
          Files.writeString(
              store, Files.readString(store).replace("site-name = ", "site-name = x"));
        };
    Obstacle gone =
        data -> {
          init(data);
          Files.delete(data.resolve("store"));
        };
    Obstacle readOnly =
        data ->
            Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
    Stream<Arguments> all =
        Stream.of(
            arguments("a file", file, "DATA is a file, not a folder"),
            arguments("a newer store", newer, "DATA/store has format version 99"),
            arguments("a damaged store", damaged, "DATA/store is damaged"),
            arguments("a store without its name", gone, "restore that file from a backup"));
    // root may write anywhere
    return System.getProperty("user.name").equals("root")
        ? all
        : Stream.concat(
            all, Stream.of(arguments("read only", readOnly, "DATA is not writable for this user")));
  }

  private static void init(Path data) {
    var _ = CommandRun.of("init", "--data", data.toString()).succeeds();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("obstacles")
  void folderThatCannotBeHad(String name, Obstacle obstacle, String line) throws Exception {
    Path data = folder.resolve("data");
    obstacle.at(data);
    CommandRun.of(
            "server",
            "--data",
            data.toString(),
            "--s3-listen",
            "127.0.0.1:0",
            "--grpc-listen",
            "127.0.0.1:0")
        .fails(1, line.replace("DATA", data.toString()));
  }

  @Test
  void folderBelowAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    CommandRun.of("init", "--data", file.resolve("data").toString())
        .fails(1, file.resolve("data") + " cannot be made: ");
  }

  @Test
  void folderThatAServerHas() throws Exception {
    Path data = folder.resolve("data");
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    SkarbServer server =
        SkarbServer.start(
            new ServerConfig(data, "", any, any, Optional.empty(), "us-east-1", Optional.empty()),
            line -> {});
    try {
      CommandRun.of("server", "--data", data.toString()).fails(1, data + " is held by");
    } finally {
      server.stop(Duration.ofSeconds(5));
    }
  }

  @Test
  void portThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String line =
          "cannot listen at "
              + address
              + ": Address already in use (stop what listens there, or give another port)";
      String data = folder.resolve("data").toString();
      CommandRun.of(
              "server", "--data", data, "--grpc-listen", address, "--s3-listen", "127.0.0.1:0")
          .fails(1, line);
      CommandRun.of(
              "server", "--data", data, "--s3-listen", address, "--grpc-listen", "127.0.0.1:0")
          .fails(1, line);
    }
  }

  @Test
  void initMakesAStoreOnceAndPrintsItsKey() throws Exception {
    Path data = folder.resolve("data");
    var made =
        CommandRun.of("init", "--data", data.toString(), "--site", "kopalnia", "--json").json();
    assertThat(made.get("site_name").textValue()).isEqualTo("kopalnia");
    assertThat(made.get("access_key").textValue()).hasSize(20);
    assertThat(made.get("secret_key").textValue()).hasSize(40);
    String store = Files.readString(data.resolve("store"));
    CommandRun.of("init", "--data", data.toString())
        .fails(1, "there is a store in " + data + " already; it is left as it is");
    assertThat(Files.readString(data.resolve("store"))).isEqualTo(store);
    var keys =
        CommandRun.of("keys", "list", "--data", data.toString(), "--json").json().get("keys");
    assertThat(keys).hasSize(1);
    assertThat(keys.get(0).get("access_key")).isEqualTo(made.get("access_key"));
    assertThat(keys.get(0).get("role").textValue()).isEqualTo("operator");
  }

  @Test
  void certificateThatIsNone() throws Exception {
    Path text = Files.writeString(folder.resolve("text.pem"), "nothing of the kind");
    CommandRun.of(
            "server",
            "--data",
            folder.resolve("data").toString(),
            "--s3-listen",
            "127.0.0.1:0",
            "--grpc-listen",
            "127.0.0.1:0",
            "--tls-cert",
            text.toString(),
            "--tls-key",
            text.toString())
        .fails(1, "skarb: no certificate and key in PEM: " + text);
  }
}
