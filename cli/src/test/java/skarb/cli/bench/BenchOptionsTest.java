package skarb.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import skarb.cli.bench.client.AccessKey;
import skarb.cli.bench.load.Plan.Kind;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;

/// What a command line of `skarb bench` means.
class BenchOptionsTest {
  private static final Map<String, String> KEYS =
      Map.of("SKARB_ACCESS_KEY", "k", "SKARB_SECRET_KEY", "s");

  @TempDir Path folder;

  private static BenchSettings settings(Kind kind, String... arguments) {
    BenchOptions options = new BenchOptions();
    CommandLine line = new CommandLine(new Holder(options));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    var _ = line.parseArgs(arguments);
    return options.settings(kind, KEYS);
  }

  @CommandLine.Command
  private record Holder(@CommandLine.Mixin BenchOptions options) {}

  private static void fails(String saying, Kind kind, String... arguments) {
    assertThatThrownBy(() -> settings(kind, arguments))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(saying);
  }

  @Test
  void sizesAndTimesHaveUnits() {
    BenchSettings settings =
        settings(Kind.PUT, "--size", "10MiB", "--duration", "2m", "--warmup", "500ms");
    assertThat(settings.plan().size()).isEqualTo(10 << 20);
    assertThat(settings.plan().duration()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.plan().warmup()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings(Kind.PUT, "--size", "5MB").plan().size()).isEqualTo(5_000_000);
    assertThatThrownBy(() -> settings(Kind.PUT, "--size", "many"))
        .hasMessageContaining("'many' is not a size such as 4096, 4KiB or 10MiB");
    assertThatThrownBy(() -> settings(Kind.PUT, "--duration", "10"))
        .hasMessageContaining("'10' is not a time such as 500ms");
  }

  @Test
  void whatIsNotSaidDependsOnTheLoad() {
    assertThat(settings(Kind.PUT).plan().concurrency()).isEqualTo(32);
    assertThat(settings(Kind.LIST).plan().objects()).isEqualTo(10_000);
    assertThat(settings(Kind.GET, "--size", "10MiB").plan().objects()).isEqualTo(51);
    assertThat(settings(Kind.MULTIPART).plan().partSize()).isEqualTo(5 << 20);
  }

  @Test
  void aServerThatRunsIsGivenByItsAddress() {
    BenchSettings settings = settings(Kind.PUT, "--endpoint", "http://localhost:9000/");
    assertThat(settings.given()).contains(new HostPort("localhost", 9000));
    assertThat(settings.key()).contains(new AccessKey("k", "s"));
    assertThat(settings(Kind.PUT).key()).isEmpty();
    fails(
        "--endpoint is http://HOST:PORT: bench speaks no TLS", Kind.PUT, "--endpoint", "https://x");
    fails("--node goes with --api grpc", Kind.PUT, "--node", "localhost:9010");
  }

  @Test
  void keysComeFromAFileToo() throws Exception {
    Path file = folder.resolve("first-key");
    Files.writeString(file, "AWS_ACCESS_KEY_ID=id\nAWS_SECRET_ACCESS_KEY=a=b\n");
    BenchSettings settings =
        settings(Kind.PUT, "--endpoint", "http://localhost:1", "--key-file", file.toString());
    assertThat(settings.key()).contains(new AccessKey("id", "a=b"));
    assertThat(settings.toString()).doesNotContain("a=b");
  }

  @Test
  void whatMeansNothingIsRefused() {
    fails("--batch is 1 to 1000", Kind.DELETE, "--batch", "1001");
    fails("--concurrency is 1 to 4096", Kind.PUT, "--concurrency", "0");
    fails("--null and --with-null do not go together", Kind.PUT, "--null", "--with-null");
    fails("--verify goes with neither --null nor --with-null", Kind.GET, "--verify", "--null");
    fails(
        "10,000 parts of --part-size do not hold --size",
        Kind.MULTIPART,
        "--size",
        "1GiB",
        "--part-size",
        "1KiB");
  }
}
