package skarb.cli.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Two reports of JMH, benchmark by benchmark. Better or worse is only what differs by more than
/// the errors: where the two confidence intervals have no point in common.
final class JmhComparison implements Comparison {
  /// Looked at in the first result of each report: JMH repeats them in all.
  private static final List<String> SAME =
      List.of(
          "/jdkVersion",
          "/vmName",
          "/vmVersion",
          "/jvmArgs",
          "/threads",
          "/forks",
          "/warmupIterations",
          "/warmupTime",
          "/measurementIterations",
          "/measurementTime");

  /// The one mode in which more is better: the others measure times.
  private static final String THROUGHPUT = "thrpt";

  private final List<String> differences;
  private final List<Change> changes = new ArrayList<>();
  private final List<String> onlyBefore = new ArrayList<>();
  private final List<String> onlyAfter = new ArrayList<>();

  JmhComparison(JsonNode before, JsonNode after) {
    differences = Comparison.differences(before.path(0), after.path(0), SAME);
    Map<JmhResult.Key, JmhResult> ones = JmhResult.readAll(before);
    Map<JmhResult.Key, JmhResult> others = JmhResult.readAll(after);
    ones.forEach((key, one) -> {
      JmhResult other = others.get(key);
      if (other == null) {
        onlyBefore.add(key.fullLabel());
      } else {
        changes.add(new Change(one, other));
      }
    });
    others.keySet().stream()
        .filter(key -> !ones.containsKey(key))
        .forEach(key -> onlyAfter.add(key.fullLabel()));
  }

  /// What became of a benchmark.
  private enum Verdict {
    BETTER,
    WORSE,
    SAME,
    /// One of the two has no error.
    UNKNOWN;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A benchmark in both reports.
  private record Change(JmhResult before, JmhResult after) {

    double ratio() {
      return after.score() / before.score();
    }

    /// The error of the ratio: the relative errors of both, as those of independent measurements
    /// add up.
    Optional<Double> ratioError() {
      return before
          .error()
          .flatMap(one ->
              after
                  .error()
                  .map(other -> ratio() * Math.hypot(one / before.score(), other / after.score())))
          .filter(Double::isFinite);
    }

    Verdict verdict() {
      if (before.error().isEmpty() || after.error().isEmpty()) {
        return Verdict.UNKNOWN;
      }
      double apart = Math.abs(after.score() - before.score());
      if (apart <= before.error().get() + after.error().get()) {
        return Verdict.SAME;
      }
      boolean more = after.score() > before.score();
      return more == before.key().mode().equals(THROUGHPUT) ? Verdict.BETTER : Verdict.WORSE;
    }

    /// For people: name, both scores, their unit, the ratio, the verdict.
    List<String> row() {
      String ratio = String.format(Locale.ROOT, "%.2f", ratio());
      String error =
          ratioError().map(half -> String.format(Locale.ROOT, " ± %.2f", half)).orElse("");
      return List.of(
          before.key().label(),
          before.text(),
          after.text(),
          before.key().unit(),
          ratio + error,
          verdict().text());
    }

    Map<String, Object> fields() {
      JmhResult.Key key = before.key();
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("benchmark", key.benchmark());
      fields.put("parameters", key.parameters());
      fields.put("mode", key.mode());
      fields.put("unit", key.unit());
      fields.put("before", before.score());
      before.error().ifPresent(error -> fields.put("before_error", error));
      fields.put("after", after.score());
      after.error().ifPresent(error -> fields.put("after_error", error));
      if (Double.isFinite(ratio())) {
        fields.put("ratio", ratio());
      }
      ratioError().ifPresent(error -> fields.put("ratio_error", error));
      fields.put("verdict", verdict().text());
      return fields;
    }
  }

  @Override
  public void print(PrintWriter out) {
    differences.forEach(difference -> out.println("differs in " + difference));
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("benchmark", "before", "after", "", "ratio", ""));
    changes.forEach(change -> rows.add(change.row()));
    int width = rows.stream().mapToInt(row -> row.getFirst().length()).max().getAsInt();
    String format = "%-" + width + "s  %22s %22s %-6s  %-14s %s";
    for (List<String> row : rows) {
      out.println(String.format(Locale.ROOT, format, row.toArray()).stripTrailing());
    }
    onlyBefore.forEach(name -> out.println("only before: " + name));
    onlyAfter.forEach(name -> out.println("only after: " + name));
    out.flush();
  }

  @Override
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", "skarb bench compare");
    fields.put("reports", "JMH");
    fields.put("differences", differences);
    fields.put("benchmarks", changes.stream().map(Change::fields).toList());
    fields.put("only_before", onlyBefore);
    fields.put("only_after", onlyAfter);
    return fields;
  }

  @Override
  public Optional<List<String>> worse() {
    return Optional.of(
        changes.stream()
            .filter(change -> change.verdict() == Verdict.WORSE)
            .map(change -> change.before().key().label())
            .toList());
  }
}
