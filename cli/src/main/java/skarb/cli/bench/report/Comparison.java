package skarb.cli.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.cli.output.CommandFailedException;

/// Two reports side by side: of the load generator ([LoadComparison]), or of JMH ([JmhComparison]).
/// What makes them incomparable (another load, size, machine) is said first.
public sealed interface Comparison permits LoadComparison, JmhComparison {

  /// Of two files, whose shape tells of what kind they are.
  ///
  /// @throws CommandFailedException where one cannot be read or is no report, or they are of two
  ///   kinds
  static Comparison of(Path before, Path after) {
    JsonNode one = read(before);
    JsonNode other = read(after);
    if (Report.isOne(one) != Report.isOne(other)) {
      throw new CommandFailedException(
          "%s is a report of %s and %s of %s".formatted(before, maker(one), after, maker(other)));
    }
    return Report.isOne(one) ? new LoadComparison(one, other) : new JmhComparison(one, other);
  }

  private static JsonNode read(Path file) {
    if (Files.notExists(file)) {
      throw new CommandFailedException("there is no file " + file);
    }
    JsonNode report;
    try {
      report = new ObjectMapper().readTree(file.toFile());
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read as JSON");
    }
    if (report == null || !(Report.isOne(report) || JmhResult.areIn(report))) {
      throw new CommandFailedException(
          file + " is neither a report of skarb bench --json nor one of JMH (-rf json)");
    }
    return report;
  }

  private static String maker(JsonNode report) {
    return Report.isOne(report) ? "skarb bench" : "JMH";
  }

  /// The table for people.
  void print(PrintWriter out);

  /// The same for programs.
  Map<String, Object> fields();

  /// What became worse by more than the errors of both, by name; empty where the reports do not say
  /// how large their errors are.
  Optional<List<String>> worse();

  /// What has another value at one of these places.
  static List<String> differences(JsonNode before, JsonNode after, List<String> pointers) {
    List<String> differences = new ArrayList<>();
    for (String pointer : pointers) {
      JsonNode one = before.at(pointer);
      JsonNode other = after.at(pointer);
      if (!one.equals(other)) {
        differences.add(
            "%s: %s, then %s"
                .formatted(
                    pointer.substring(pointer.lastIndexOf('/') + 1), text(one), text(other)));
      }
    }
    return differences;
  }

  private static String text(JsonNode value) {
    return value.isMissingNode()
        ? "nothing"
        : value.isContainerNode() ? value.toString() : value.asText();
  }
}
