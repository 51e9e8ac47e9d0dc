package skarb.cli.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What JMH's JSON says of one benchmark with one choice of its parameters.
///
/// @param key what it was: two reports' results of one key are comparable
/// @param score its mean
/// @param error half the width of the mean's confidence interval, at 99.9 %; empty where JMH had
///   too few measurements for one
record JmhResult(Key key, double score, Optional<Double> error) {

  /// What was measured, and how.
  ///
  /// @param benchmark the method with its class, with packages
  /// @param mode JMH's short name, for example `avgt`
  /// @param unit of the score
  record Key(String benchmark, Map<String, String> parameters, String mode, String unit) {

    /// For people: the method with its class, and the parameters.
    String label() {
      int method = benchmark.lastIndexOf('.');
      StringBuilder label =
          new StringBuilder(benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1));
      parameters.forEach((name, value) -> label.append(' ').append(name).append('=').append(value));
      return label.toString();
    }

    /// The label, with what it was measured in.
    String fullLabel() {
      return label() + " (" + mode + ", " + unit + ")";
    }
  }

  /// Whether some JSON is a report of JMH with at least one result.
  static boolean areIn(JsonNode json) {
    if (!json.isArray() || json.isEmpty()) {
      return false;
    }
    for (JsonNode result : json) {
      if (!result.path("benchmark").isTextual()
          || !result.path("mode").isTextual()
          || !result.at("/primaryMetric/score").isNumber()
          || !result.at("/primaryMetric/scoreUnit").isTextual()) {
        return false;
      }
    }
    return true;
  }

  /// All results of a report, in its order.
  static Map<Key, JmhResult> readAll(JsonNode report) {
    Map<Key, JmhResult> results = new LinkedHashMap<>();
    for (JsonNode result : report) {
      JmhResult read = read(result);
      results.put(read.key(), read);
    }
    return results;
  }

  private static JmhResult read(JsonNode result) {
    Map<String, String> parameters = new LinkedHashMap<>();
    result
        .path("params")
        .properties()
        .forEach(one -> parameters.put(one.getKey(), one.getValue().asText()));
    JsonNode metric = result.path("primaryMetric");
    JsonNode error = metric.path("scoreError"); // a text, `NaN`, where there is none
    return new JmhResult(
        new Key(
            result.path("benchmark").asText(),
            parameters,
            result.path("mode").asText(),
            metric.path("scoreUnit").asText()),
        metric.path("score").asDouble(),
        error.isNumber() ? Optional.of(error.asDouble()) : Optional.empty());
  }

  /// The score with its error, for people.
  String text() {
    return error
        .map(half -> String.format(Locale.ROOT, "%.3f ± %.3f", score, half))
        .orElseGet(() -> String.format(Locale.ROOT, "%.3f", score));
  }
}
