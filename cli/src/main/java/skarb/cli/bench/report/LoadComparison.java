package skarb.cli.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Two reports of the load generator, figure by figure.
final class LoadComparison implements Comparison {
  private static final List<String> PARTS = List.of("server", "null");
  private static final List<String> SAME =
      List.of(
          "/load",
          "/api",
          "/parameters/size",
          "/parameters/concurrency",
          "/parameters/objects",
          "/parameters/batch",
          "/parameters/part_size",
          "/parameters/payload",
          "/provenance/cpu",
          "/provenance/cores",
          "/provenance/file_system",
          "/provenance/durability",
          "/provenance/jvm");

  private static final Map<String, String> FIGURES = figures();

  private final JsonNode before;
  private final JsonNode after;

  LoadComparison(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  private static Map<String, String> figures() {
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("objects/s", "/objects_per_second");
    figures.put("MB/s", "/mb_per_second");
    figures.put("p50 ms", "/latency_ms/p50");
    figures.put("p99 ms", "/latency_ms/p99");
    figures.put("p99.9 ms", "/latency_ms/p99_9");
    return figures;
  }

  private List<String> differences() {
    return Comparison.differences(before, after, SAME);
  }

  /// A figure of an operation in both reports.
  ///
  /// @param part `server`, or `null` for a server that keeps nothing
  /// @param name with its unit
  private record Figure(String part, String operation, String name, double from, double to) {
    Optional<Double> changePercent() {
      return from == 0 ? Optional.empty() : Optional.of(100 * (to - from) / from);
    }
  }

  private List<Figure> figuresOf(String part) {
    List<Figure> found = new ArrayList<>();
    for (JsonNode one : before.path(part).path("operations")) {
      String operation = one.path("operation").asText();
      for (JsonNode other : after.path(part).path("operations")) {
        if (other.path("operation").asText().equals(operation)) {
          FIGURES.forEach((name, pointer) -> {
            double from = one.at(pointer).asDouble();
            double to = other.at(pointer).asDouble();
            if (from != 0 || to != 0) {
              found.add(new Figure(part, operation, name, from, to));
            }
          });
        }
      }
    }
    return found;
  }

  @Override
  public void print(PrintWriter out) {
    differences().forEach(difference -> out.println("differs in " + difference));
    for (String part : PARTS) {
      String operation = "";
      for (Figure figure : figuresOf(part)) {
        if (!figure.operation().equals(operation)) {
          operation = figure.operation();
          out.println(part + " " + operation);
        }
        out.println(
            String.format(
                Locale.ROOT,
                "  %-10s %12.2f %12.2f  %s",
                figure.name(),
                figure.from(),
                figure.to(),
                figure
                    .changePercent()
                    .map(change -> String.format(Locale.ROOT, "%+.1f %%", change))
                    .orElse("")));
      }
    }
    out.flush();
  }

  @Override
  public Map<String, Object> fields() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String part : PARTS) {
      for (Figure figure : figuresOf(part)) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("part", part);
        row.put("operation", figure.operation());
        row.put("figure", figure.name());
        row.put("before", figure.from());
        row.put("after", figure.to());
        figure.changePercent().ifPresent(change -> row.put("change_percent", change));
        rows.add(row);
      }
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", "skarb bench compare");
    fields.put("reports", "skarb bench");
    fields.put("differences", differences());
    fields.put("figures", rows);
    return fields;
  }

  /// Empty: one run of a load says nothing of its error.
  @Override
  public Optional<List<String>> worse() {
    return Optional.empty();
  }
}
