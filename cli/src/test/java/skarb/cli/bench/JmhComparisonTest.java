package skarb.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import skarb.cli.bench.report.Comparison;
import skarb.cli.output.CommandFailedException;

/// Two small reports of JMH's, as `skarb bench compare` puts them side by side.
class JmhComparisonTest {
  private static final Path BEFORE = report("before");
  private static final Path AFTER = report("after");

  @TempDir Path folder;

  private static Path report(String name) {
    return Path.of("src/test/resources/bench/jmh-" + name + ".json");
  }

  private static String printed(Path before, Path after) {
    StringWriter out = new StringWriter();
    Comparison.of(before, after).print(new PrintWriter(out));
    return out.toString();
  }

  private record Outcome(int exitCode, String out) {}

  private static Outcome compare(Object... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new BenchCompareCommand()).setOut(new PrintWriter(out));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return new Outcome(command.execute(words), out.toString());
  }

  private static JsonNode row(String label) throws Exception {
    JsonNode report = new ObjectMapper().readTree(compare(BEFORE, AFTER, "--json").out());
    for (JsonNode row : report.path("benchmarks")) {
      String bytes = row.at("/parameters/bytes").asText();
      String name = row.path("benchmark").asText().replace("skarb.bench.ABenchmark.", "");
      if (label.equals(bytes.isEmpty() ? name : name + " " + bytes)) {
        return row;
      }
    }
    throw new AssertionError(label + " is not in " + report);
  }

  @ParameterizedTest
  @CsvSource({
    "slower,     1.2,   0.078, worse",
    "faster,     0.5,   0.056, better",
    "noisy,      1.5,   0.541, same",
    "touching,   1.2,   0.156, same",
    "rate,       2,     0.224, better",
    "sized 64,   1.013, 0.089, same",
    "sized 640,  1.125, 0.009, worse"
  })
  void ratioErrorAndVerdict(String benchmark, double ratio, double error, String verdict)
      throws Exception {
    JsonNode row = row(benchmark);
    assertThat(row.path("ratio").asDouble()).isCloseTo(ratio, within());
    assertThat(row.path("ratio_error").asDouble()).isCloseTo(error, within());
    assertThat(row.path("verdict").asText()).isEqualTo(verdict);
  }

  private static Offset<Double> within() {
    return Offset.offset(0.001);
  }

  @Test
  void withoutAnErrorNothingIsSaidOfIt() throws Exception {
    JsonNode row = row("once");
    assertThat(row.path("ratio").asDouble()).isEqualTo(3);
    assertThat(row.has("ratio_error")).isFalse();
    assertThat(row.path("verdict").asText()).isEqualTo("unknown");
  }

  @Test
  void whatOnlyOneOfThemHasIsListed() {
    assertThat(printed(BEFORE, AFTER).lines().filter(line -> line.startsWith("only")))
        .containsExactly(
            "only before: ABenchmark.gone (avgt, us/op)",
            "only before: ABenchmark.unit (avgt, us/op)",
            "only after: ABenchmark.fresh (avgt, us/op)",
            "only after: ABenchmark.unit (avgt, ns/op)");
  }

  @Test
  void scoresStandBesideTheirRatio() {
    assertThat(printed(BEFORE, AFTER))
        .containsPattern(
            "ABenchmark.slower +100\\.000 ± 5\\.000 +120\\.000 ± 5\\.000 us/op +1\\.20 ± 0\\.08 +worse");
  }

  @Test
  void otherJvmIsSaidFirst() throws Exception {
    Path other = folder.resolve("other.json");
    Files.writeString(other, Files.readString(AFTER).replace("25.0.1+8", "25.0.2+9"));
    assertThat(printed(BEFORE, other)).startsWith("differs in vmVersion: 25.0.1+8, then 25.0.2+9");
  }

  @Test
  void worseFailsOnlyWhereAsked() {
    assertThat(compare(BEFORE, AFTER).exitCode()).isZero();
    assertThat(compare(BEFORE, AFTER, "--fail-on-worse").exitCode()).isEqualTo(1);
    assertThat(compare(BEFORE, BEFORE, "--fail-on-worse").exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "'[]',                       is neither a report of skarb bench --json nor one of JMH (-rf json)",
    "'[{\"benchmark\": \"a.b\"}]', is neither a report of skarb bench --json nor one of JMH (-rf json)",
    "'{}',                       is neither a report of skarb bench --json nor one of JMH (-rf json)",
    "'',                         is neither a report of skarb bench --json nor one of JMH (-rf json)",
    "'{',                        cannot be read as JSON"
  })
  void whatIsNoReportIsOneLine(String content, String said) throws Exception {
    Path other = folder.resolve("other.json");
    Files.writeString(other, content);
    assertThatThrownBy(() -> Comparison.of(BEFORE, other))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage(other + " " + said);
  }

  @Test
  void aFileThatIsNotThereIsOneLine() {
    Path missing = folder.resolve("missing.json");
    assertThatThrownBy(() -> Comparison.of(BEFORE, missing))
        .hasMessage("there is no file " + missing);
  }
}
