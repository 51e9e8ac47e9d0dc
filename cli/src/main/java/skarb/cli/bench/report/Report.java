package skarb.cli.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.errorprone.annotations.FormatMethod;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import skarb.cli.bench.load.CpuUse;
import skarb.cli.bench.load.Measurement;
import skarb.cli.bench.load.Measurement.Figures;
import skarb.cli.bench.load.Operation;
import skarb.cli.bench.load.Percentiles;
import skarb.cli.output.Json;

/// The outcome of a benchmark: what was measured of a server, of one that keeps nothing, or of
/// both, and where it comes from.
///
/// @param load the load's name
/// @param api `s3` or `grpc`
/// @param parameters all that was asked for
/// @param server of the server
/// @param nothing of a server that keeps nothing, under the same load: the generator's own ceiling
/// @param provenance of program, machine and moment
public record Report(
    String load,
    String api,
    Map<String, Object> parameters,
    Optional<Measurement> server,
    Optional<Measurement> nothing,
    Map<String, Object> provenance) {

  /// How the JSON tells what kind of report this is.
  private static final String KIND = "skarb bench";

  private static final double MEGA = 1e6;

  /// Whether some JSON is what [#json] wrote.
  static boolean isOne(JsonNode json) {
    return json.path("kind").asText().equals(KIND) && json.path("schema_version").asInt() == 1;
  }

  /// Requests that failed.
  public long failed() {
    return server.map(Measurement::failed).orElse(0L) + nothing.map(Measurement::failed).orElse(0L);
  }

  /// The code that most of them failed with, and what was said of it.
  public String mostFrequentError() {
    return Stream.concat(server.stream(), nothing.stream())
        .flatMap(measured ->
            measured.errors().entrySet().stream()
                .map(one ->
                    Map.entry(
                        one.getValue(),
                        one.getKey() + " " + measured.examples().getOrDefault(one.getKey(), ""))))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .orElse("");
  }

  /// One JSON object.
  public String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", KIND);
    fields.put("load", load);
    fields.put("api", api);
    fields.put("parameters", parameters);
    server.ifPresent(measured -> fields.put("server", fields(measured)));
    nothing.ifPresent(measured -> fields.put("null", fields(measured)));
    if (server.isPresent() && nothing.isPresent()) {
      fields.put("share_of_null", shares(server.get(), nothing.get()));
    }
    fields.put("provenance", provenance);
    return Json.report(fields);
  }

  private static Map<String, Object> fields(Measurement measured) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("seconds", rounded(measured.seconds()));
    List<Map<String, Object>> operations = new ArrayList<>();
    measured.operations().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(one -> operations.add(fields(one.getKey(), one.getValue(), measured.seconds())));
    fields.put("operations", operations);
    fields.put("failed", measured.failed());
    fields.put("errors", measured.errors());
    CpuUse cpu = measured.cpu();
    Map<String, Object> used = new LinkedHashMap<>();
    used.put("generator", rounded(cpu.generatorSeconds()));
    if (cpu.serverSeconds() >= 0) {
      used.put("server", rounded(cpu.serverSeconds()));
    }
    fields.put("cpu_seconds", used);
    return fields;
  }

  private static Map<String, Object> fields(Operation operation, Figures figures, double seconds) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("operation", operation.label());
    fields.put("count", figures.count());
    fields.put("per_second", rounded(figures.count() / seconds));
    fields.put("objects_per_second", rounded(figures.objects() / seconds));
    fields.put("mb_per_second", rounded(figures.bytes() / MEGA / seconds));
    fields.put("latency_ms", fields(figures.latency()));
    if (!figures.firstByte().isEmpty()) {
      fields.put("first_byte_ms", fields(figures.firstByte()));
    }
    Map<String, Object> steady = new LinkedHashMap<>();
    steady.put("slowest", figures.perSecond().slowest());
    steady.put("median", figures.perSecond().median());
    steady.put("fastest", figures.perSecond().fastest());
    fields.put("by_second", steady);
    return fields;
  }

  private static Map<String, Object> fields(Percentiles millis) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("mean", rounded(millis.mean()));
    fields.put("p50", rounded(millis.p50()));
    fields.put("p90", rounded(millis.p90()));
    fields.put("p99", rounded(millis.p99()));
    fields.put("p99_9", rounded(millis.p999()));
    fields.put("max", rounded(millis.max()));
    return fields;
  }

  private static Map<String, Object> shares(Measurement server, Measurement nothing) {
    Map<String, Object> shares = new LinkedHashMap<>();
    for (Operation operation : Operation.values()) {
      share(operation, server, nothing)
          .ifPresent(share -> shares.put(operation.label(), rounded(share)));
    }
    return shares;
  }

  /// The server's rate as a share of the generator's own.
  private static Optional<Double> share(
      Operation operation, Measurement server, Measurement nothing) {
    Figures of = server.operations().get(operation);
    Figures at = nothing.operations().get(operation);
    return of == null || at == null || at.objects() == 0
        ? Optional.empty()
        : Optional.of(of.objects() / server.seconds() / (at.objects() / nothing.seconds()));
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /// The table for people.
  public void print(PrintWriter out) {
    out.println(load + " over " + api + ": " + text(parameters));
    server.ifPresent(measured -> print(out, "server", measured, nothing));
    nothing.ifPresent(
        measured -> print(out, "a server that keeps nothing", measured, Optional.empty()));
    out.println();
    provenance.forEach((name, value) -> line(out, "%-26s %s", name.replace('_', ' '), value));
  }

  private static void print(
      PrintWriter out, String title, Measurement measured, Optional<Measurement> nothing) {
    out.println();
    line(
        out,
        "%s, %.1f s; processor time: generator %.1f s%s",
        title,
        measured.seconds(),
        measured.cpu().generatorSeconds(),
        measured.cpu().serverSeconds() < 0
            ? ""
            : String.format(Locale.ROOT, ", server %.1f s", measured.cpu().serverSeconds()));
    line(
        out,
        "  %-10s %10s %10s %10s | %8s %8s %8s %8s %8s ms%s",
        "operation",
        "ops/s",
        "objects/s",
        "MB/s",
        "p50",
        "p90",
        "p99",
        "p99.9",
        "max",
        nothing.isPresent() ? " | of null" : "");
    measured.operations().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(one -> row(out, one.getKey(), one.getValue(), measured, nothing));
    measured
        .errors()
        .forEach((code, count) ->
            line(
                out,
                "  failed: %d of %s: %s",
                count,
                code,
                measured.examples().getOrDefault(code, "")));
  }

  private static void row(
      PrintWriter out,
      Operation operation,
      Figures figures,
      Measurement measured,
      Optional<Measurement> nothing) {
    double seconds = measured.seconds();
    line(
        out,
        "  %-10s %10.0f %10.0f %10.1f | %s%s",
        operation.label(),
        figures.count() / seconds,
        figures.objects() / seconds,
        figures.bytes() / MEGA / seconds,
        text(figures.latency()),
        nothing
            .flatMap(at -> share(operation, measured, at))
            .map(share -> String.format(Locale.ROOT, "    | %5.0f %%", 100 * share))
            .orElse(""));
    if (!figures.firstByte().isEmpty()) {
      line(out, "  %-10s %10s %10s %10s | %s", "first byte", "", "", "", text(figures.firstByte()));
    }
  }

  private static String text(Percentiles millis) {
    return String.format(
        Locale.ROOT,
        "%8.2f %8.2f %8.2f %8.2f %8.2f",
        millis.p50(),
        millis.p90(),
        millis.p99(),
        millis.p999(),
        millis.max());
  }

  private static String text(Map<String, Object> fields) {
    StringBuilder text = new StringBuilder();
    fields.forEach((name, value) ->
        text.append(text.isEmpty() ? "" : ", ")
            .append(name.replace('_', ' '))
            .append(' ')
            .append(value));
    return text.toString();
  }

  @FormatMethod
  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
