package skarb.cli.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import skarb.cli.output.CommandFailedException;

/// Two reports side by side. What makes them incomparable (another load, size, machine) is said
/// first.
public final class Comparison {
  private static final ObjectMapper JSON = new ObjectMapper();
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

  private final JsonNode before;
  private final JsonNode after;

  private Comparison(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  /// Of two files.
  ///
  /// @throws CommandFailedException where one is not a report
  public static Comparison of(Path before, Path after) {
    return new Comparison(read(before), read(after));
  }

  private static JsonNode read(Path file) {
    try {
      JsonNode report = JSON.readTree(file.toFile());
      if (report != null
          && report.path("kind").asText().equals(Report.KIND)
          && report.path("schema_version").asInt() == 1) {
        return report;
      }
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read as JSON");
    }
    throw new CommandFailedException(file + " is not a report of skarb bench --json");
  }

  /// What differs between what was measured, apart from the figures.
  List<String> differences() {
    List<String> differences = new ArrayList<>();
    for (String pointer : SAME) {
      JsonNode one = before.at(pointer);
      JsonNode other = after.at(pointer);
      if (!one.equals(other)) {
        differences.add(
            pointer.substring(pointer.lastIndexOf('/') + 1)
                + ": "
                + one.asText()
                + ", then "
                + other.asText());
      }
    }
    return differences;
  }

  /// The table for people.
  public void print(PrintWriter out) {
    differences().forEach(difference -> out.println("differs in " + difference));
    print(out, "server");
    print(out, "null");
    out.flush();
  }

  private void print(PrintWriter out, String part) {
    for (JsonNode one : before.path(part).path("operations")) {
      String operation = one.path("operation").asText();
      for (JsonNode other : after.path(part).path("operations")) {
        if (other.path("operation").asText().equals(operation)) {
          out.println(part + " " + operation);
          row(out, "objects/s", one, other, "/objects_per_second");
          row(out, "MB/s", one, other, "/mb_per_second");
          row(out, "p50 ms", one, other, "/latency_ms/p50");
          row(out, "p99 ms", one, other, "/latency_ms/p99");
          row(out, "p99.9 ms", one, other, "/latency_ms/p99_9");
        }
      }
    }
  }

  private static void row(
      PrintWriter out, String name, JsonNode one, JsonNode other, String pointer) {
    double from = one.at(pointer).asDouble();
    double to = other.at(pointer).asDouble();
    if (from == 0 && to == 0) {
      return;
    }
    String change =
        from == 0 ? "" : String.format(Locale.ROOT, "%+.1f %%", 100 * (to - from) / from);
    out.println(String.format(Locale.ROOT, "  %-10s %12.2f %12.2f  %s", name, from, to, change));
  }
}
