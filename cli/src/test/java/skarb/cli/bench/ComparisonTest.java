package skarb.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.bench.load.CpuUse;
import skarb.cli.bench.load.Measurement;
import skarb.cli.bench.load.Measurement.Figures;
import skarb.cli.bench.load.Operation;
import skarb.cli.bench.load.PerSecond;
import skarb.cli.bench.load.Percentiles;
import skarb.cli.bench.report.Comparison;
import skarb.cli.bench.report.Report;

/// Two reports, written and read again.
class ComparisonTest {
  @TempDir Path folder;

  private Path report(String name, long count, long size) throws Exception {
    Figures figures =
        new Figures(
            count,
            count,
            count * size,
            new Percentiles(1, 2, 3, 4, 5, 6),
            new Percentiles(0, 0, 0, 0, 0, 0),
            new PerSecond(0, 0, 0));
    Report report =
        new Report(
            "put",
            "s3",
            Map.of("size", size),
            Optional.of(
                new Measurement(
                    10, Map.of(Operation.PUT, figures), Map.of(), Map.of(), new CpuUse(1, 2))),
            Optional.empty(),
            Map.of("cores", 2));
    Path file = folder.resolve(name);
    Files.writeString(file, report.json());
    return file;
  }

  private static String compared(Path before, Path after) {
    StringWriter out = new StringWriter();
    Comparison.of(before, after).print(new PrintWriter(out));
    return out.toString();
  }

  @Test
  void ratesStandBesideTheirChange() throws Exception {
    String text = compared(report("a", 1000, 4096), report("b", 1250, 4096));
    assertThat(text).doesNotContain("differs");
    assertThat(text).containsPattern("objects/s +100\\.00 +125\\.00 +\\+25\\.0 %");
    assertThat(text).containsPattern("p99 ms +4\\.00 +4\\.00 +\\+0\\.0 %");
  }

  @Test
  void whatDiffersBesideTheFiguresIsSaidFirst() throws Exception {
    assertThat(compared(report("a", 1000, 4096), report("b", 1250, 8192)))
        .startsWith("differs in size: 4096, then 8192");
  }

  @Test
  void changesAreThereForPrograms() throws Exception {
    assertThat(Comparison.of(report("a", 1000, 4096), report("b", 1250, 8192)).fields().toString())
        .contains("differences=[size: 4096, then 8192]")
        .contains("figure=objects/s, before=100.0, after=125.0, change_percent=25.0")
        .doesNotContain("part=null");
  }

  @Test
  void oneRunSaysNothingOfItsError() throws Exception {
    Comparison comparison = Comparison.of(report("a", 1000, 4096), report("b", 10, 4096));
    assertThat(comparison.worse()).isEmpty();
  }

  @Test
  void whatIsNoReportIsOneLine() throws Exception {
    Path other = folder.resolve("other");
    Files.writeString(other, "{}");
    assertThatThrownBy(() -> Comparison.of(report("a", 1, 1), other))
        .hasMessage(other + " is neither a report of skarb bench --json nor one of JMH (-rf json)");
  }

  @Test
  void reportsOfTwoKindsAreOneLine() throws Exception {
    Path load = report("a", 1, 1);
    Path jmh = Path.of("src/test/resources/bench/jmh-before.json");
    assertThatThrownBy(() -> Comparison.of(load, jmh))
        .hasMessage(load + " is a report of skarb bench and " + jmh + " of JMH");
  }
}
