package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;

class TokenCommandTest {
  @TempDir Path folder;

  @Test
  void reportSaysForWhichKeyTheTokenStands() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Path data = folder.resolve("data");
    SkarbServer server =
        SkarbServer.start(
            new ServerConfig(
                data,
                "test",
                any,
                any,
                Optional.empty(),
                "us-east-1",
                Optional.of(new KeyPair("AKFIRST", "first-secret"))),
            line -> {});
    try {
      StringWriter out = new StringWriter();
      int exit =
          Main.commandLine()
              .setOut(new PrintWriter(out, true))
              .execute("token", "--data", data.toString(), "--json");
      assertThat(exit).isZero();
      JsonNode report = new ObjectMapper().readTree(out.toString());
      assertThat(report.path("access_key").asText()).isEqualTo("AKFIRST");
      assertThat(report.path("token").asText()).isNotEmpty();
    } finally {
      server.stop(Duration.ofSeconds(10));
    }
  }
}
