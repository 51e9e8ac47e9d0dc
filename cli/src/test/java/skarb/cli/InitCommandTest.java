package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.NewStore;
import skarb.cli.wiring.ServerConfig.KeyPair;

/// `skarb init` where something is in its way.
class InitCommandTest {
  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void name() {
    data = folder.resolve("data");
  }

  private static Optional<KeyPair> key(String id, String secret) {
    return Optional.of(new KeyPair(id, secret));
  }

  /// What a full disk or a closed pipe is behind a `PrintWriter`.
  private static PrintWriter full() {
    return new PrintWriter(
        new Writer() {
          @Override
          public void write(char[] buffer, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }

  @Test
  void keyThatNoStoreWouldTakeCostsNoStore() {
    assertThatThrownBy(() -> NewStore.make(data, "", key("first-key", "short")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(
            "the secret of first-key cannot be one: a secret has 8 to 256 printable characters of ASCII");
    assertThatThrownBy(() -> NewStore.make(data, "", key("no key", "long-enough")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("'no key' is none");
    assertThat(data).doesNotExist();
  }

  @Test
  void storeThatGotNoKeyIsCompleted() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      CommandRun.of(
              "server",
              "--data",
              data.toString(),
              "--site",
              "kopalnia",
              "--grpc-listen",
              "127.0.0.1:0",
              "--s3-listen",
              address)
          .fails(1, address);
    }
    var made = CommandRun.of("init", "--data", data.toString(), "--json").json();
    assertThat(made.get("site_name").textValue()).isEqualTo("kopalnia");
    assertThat(made.get("secret_key").textValue()).hasSize(40);
    assertThatThrownBy(() -> NewStore.make(data, "", key("other-key", "other-secret")))
        .hasMessage("there is a store in " + data + " already; it is left as it is");
    assertThat(keys()).contains(made.get("access_key").textValue()).doesNotContain("other-key");
  }

  @Test
  void secretThatCannotBePrintedIsAnError() {
    StringWriter err = new StringWriter();
    int code =
        Commands.execute(full(), new PrintWriter(err, true), "init", "--data", data.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("skarb: the store was made, but the secret of its key ")
        .contains("skarb keys create --role operator --data " + data)
        .hasLineCount(1);
    String[] create = {"keys", "create", "--access-key", "lost-key", "--data", data.toString()};
    for (String[] command : new String[][] {create, with(create, "--json")}) {
      StringWriter said = new StringWriter();
      assertThat(Commands.execute(full(), new PrintWriter(said, true), command)).isEqualTo(1);
      assertThat(said.toString())
          .startsWith("skarb: the key lost-key was made, but its secret could not be printed")
          .hasLineCount(1);
      var _ = CommandRun.of("keys", "delete", "lost-key", "--data", data.toString()).succeeds();
    }
  }

  private static String[] with(String[] command, String option) {
    String[] all = java.util.Arrays.copyOf(command, command.length + 1);
    all[command.length] = option;
    return all;
  }

  private String keys() {
    return CommandRun.of("keys", "list", "--data", data.toString()).succeeds().out();
  }
}
