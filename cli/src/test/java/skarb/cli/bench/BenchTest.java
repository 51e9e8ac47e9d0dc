package skarb.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import skarb.cli.bench.server.NullServer;
import skarb.cli.output.ErrorLine;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;

/// Each load on a real server and on one that keeps nothing, by a number of operations. The real
/// one verifies every signature and checksum, so a load without failures is one that it understood.
class BenchTest {
  @TempDir static Path folder;
  private static SkarbServer server;
  private static NullServer nothing;

  private record Run(int exitCode, String out, String err) {}

  @BeforeAll
  static void start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        SkarbServer.start(
            new ServerConfig(
                folder.resolve("data"),
                "",
                any,
                any,
                Optional.empty(),
                "us-east-1",
                Optional.of(new KeyPair("bench-key", "bench-secret"))),
            line -> {});
    nothing = NullServer.start(3000);
    Files.writeString(
        folder.resolve("key"), "AWS_ACCESS_KEY_ID=bench-key\nAWS_SECRET_ACCESS_KEY=bench-secret\n");
  }

  @AfterAll
  static void stop() throws IOException {
    nothing.close();
    server.stop(Duration.ofSeconds(5));
  }

  private static Run run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine bench = new CommandLine(new BenchCommand());
    bench.setExecutionExceptionHandler(new ErrorLine());
    bench.setParameterExceptionHandler(ErrorLine::badUsage);
    bench.setCaseInsensitiveEnumValuesAllowed(true);
    bench.setOut(new PrintWriter(out, true));
    bench.setErr(new PrintWriter(err, true));
    int exitCode = bench.execute(arguments.toArray(String[]::new));
    return new Run(exitCode, out.toString(), err.toString());
  }

  private static List<String> arguments(
      String api, InetSocketAddress s3, InetSocketAddress grpc, String load, String... more) {
    List<String> arguments = new ArrayList<>(List.of(load, "--api", api, "--json"));
    arguments.addAll(List.of("--key-file", folder.resolve("key").toString()));
    arguments.addAll(
        api.equals("s3")
            ? List.of("--endpoint", "http://" + HostPort.text(s3))
            : List.of("--node", HostPort.text(grpc)));
    arguments.addAll(List.of("--concurrency", "3"));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--size")) {
      arguments.addAll(List.of("--size", "3000"));
    }
    return arguments;
  }

  private static JsonNode report(List<String> arguments) throws IOException {
    Run run = run(arguments);
    assertThat(run.err().lines().filter(line -> !line.contains("making"))).isEmpty();
    assertThat(run.exitCode()).isZero();
    return new ObjectMapper().readTree(run.out());
  }

  private static JsonNode onServer(String api, String load, String... more) throws IOException {
    return report(arguments(api, server.s3Address(), server.grpcAddress(), load, more));
  }

  private static JsonNode onNothing(String api, String load, String... more) throws IOException {
    return report(arguments(api, nothing.s3Address(), nothing.grpcAddress(), load, more));
  }

  private static JsonNode only(JsonNode report) {
    assertThat(report.at("/server/operations")).hasSize(1);
    return report.at("/server/operations/0");
  }

  @Test
  void putStoresAndRemovesWhatItStored() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      JsonNode put = only(onServer(api, "put", "--operations", "40"));
      assertThat(put.get("operation").textValue()).isEqualTo("put");
      assertThat(put.get("count").longValue()).isEqualTo(40);
      assertThat(put.at("/latency_ms/p99_9").doubleValue()).isPositive();
      assertThat(put.has("first_byte_ms")).isFalse();
    }
  }

  @Test
  void largeBodiesGoInPieces() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      String[] large = {"--size", "2500000", "--operations", "6", "--objects", "3", "--verify"};
      assertThat(only(onServer(api, "put", large)).get("count").longValue()).isEqualTo(6);
      assertThat(only(onServer(api, "get", large)).get("count").longValue()).isEqualTo(6);
    }
    JsonNode signed =
        onServer("s3", "put", "--size", "2500000", "--operations", "3", "--payload", "signed");
    assertThat(signed.at("/parameters/payload").textValue()).isEqualTo("signed by SHA-256");
    JsonNode unsigned = onServer("s3", "put", "--operations", "3", "--payload", "unsigned");
    assertThat(unsigned.at("/parameters/payload").textValue()).isEqualTo("UNSIGNED-PAYLOAD");
  }

  @Test
  void getReadsWhatWasPut() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      JsonNode get = only(onServer(api, "get", "--operations", "60", "--objects", "7", "--verify"));
      assertThat(get.get("count").longValue()).isEqualTo(60);
      assertThat(get.get("mb_per_second").doubleValue()).isPositive();
      assertThat(get.at("/first_byte_ms/p50").doubleValue()).isPositive();
    }
  }

  @Test
  void listCountsKeys() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      JsonNode report = onServer(api, "list", "--operations", "9", "--objects", "23");
      double pages = only(report).get("per_second").doubleValue();
      assertThat(only(report).get("objects_per_second").doubleValue() / pages)
          .isBetween(22.9, 23.1);
    }
  }

  @Test
  void deleteEndsWhenItsObjectsDo() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      JsonNode delete =
          only(onServer(api, "delete", "--operations", "99", "--objects", "25", "--batch", "10"));
      assertThat(delete.get("count").longValue()).isEqualTo(3);
    }
  }

  @Test
  void multipartCountsObjectsAndParts() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      JsonNode report =
          onServer(api, "multipart", "--operations", "3", "--size", "11MiB", "--part-size", "5MiB");
      assertThat(report.at("/server/operations/0/operation").textValue()).isEqualTo("multipart");
      assertThat(report.at("/server/operations/0/count").longValue()).isEqualTo(3);
      assertThat(report.at("/server/operations/1/operation").textValue()).isEqualTo("part");
      assertThat(report.at("/server/operations/1/count").longValue()).isEqualTo(9);
    }
  }

  @Test
  void mixedDoesAllFour() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      JsonNode report =
          onServer(
              api, "mixed", "--operations", "300", "--objects", "30", "--verify", "--seed", "5");
      List<String> names = new ArrayList<>();
      report.at("/server/operations").forEach(one -> names.add(one.get("operation").textValue()));
      assertThat(names).containsExactly("put", "get", "stat", "delete");
    }
  }

  @Test
  void timeEndsALoadToo() throws IOException {
    JsonNode report = onServer("s3", "put", "--duration", "200ms", "--warmup", "50ms");
    assertThat(report.at("/server/seconds").doubleValue()).isEqualTo(0.2);
    assertThat(only(report).get("count").longValue()).isPositive();
  }

  @Test
  void aServerThatKeepsNothingAnswersEveryLoad() throws IOException {
    for (String api : List.of("s3", "grpc")) {
      for (String load : List.of("put", "get", "list", "delete", "mixed", "multipart")) {
        JsonNode report =
            onNothing(api, load, "--operations", "20", "--objects", "300", "--batch", "3");
        assertThat(report.at("/server/failed").longValue()).as(load).isZero();
        assertThat(report.at("/server/operations/0/count").longValue()).as(load).isPositive();
      }
    }
  }

  @Test
  void whatFailsIsCountedByItsCode() {
    List<String> arguments =
        arguments(
            "s3",
            nothing.s3Address(),
            nothing.grpcAddress(),
            "get",
            "--objects",
            "3",
            "--size",
            "1000");
    arguments.addAll(List.of("--operations", "5"));
    Run run = run(arguments);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("skarb: 5 requests failed: WrongLength 3000 bytes");
    assertThat(run.out()).contains("\"WrongLength\" : 5");
    arguments.add("--allow-errors");
    assertThat(run(arguments).exitCode()).isZero();
  }

  @Test
  void aKeyThatIsNotTheServersIsOneLine() throws IOException {
    Path file = folder.resolve("wrong-key");
    Files.writeString(file, "AWS_ACCESS_KEY_ID=bench-key\nAWS_SECRET_ACCESS_KEY=wrong\n");
    List<String> arguments =
        arguments("s3", server.s3Address(), server.grpcAddress(), "put", "--operations", "1");
    arguments.set(arguments.indexOf("--key-file") + 1, file.toString());
    Run run = run(arguments);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("skarb: SignatureDoesNotMatch: ");
    assertThat(run.err().strip().lines()).hasSize(1);
  }

  @Test
  void aServerOfItsOwnStandsBesideOneThatKeepsNothing() throws IOException {
    Path data = folder.resolve("own");
    Run run =
        run(
            List.of(
                "put", "--operations", "50", "--with-null", "--json", "--data", data.toString()));
    assertThat(run.err()).isEmpty();
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.at("/server/operations/0/count").longValue()).isEqualTo(50);
    assertThat(report.at("/null/operations/0/count").longValue()).isEqualTo(50);
    assertThat(report.at("/share_of_null/put").doubleValue()).isPositive();
    assertThat(report.at("/provenance/durability").textValue())
        .isEqualTo("every write forced before its answer");
    assertThat(report.at("/provenance/disk_force_ms").doubleValue()).isPositive();
    assertThat(data).isEmptyDirectory();
  }
}
