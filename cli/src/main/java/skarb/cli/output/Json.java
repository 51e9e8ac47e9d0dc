package skarb.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reports for programs: one JSON object, with `schema_version` first. The version grows when a
/// field changes its meaning or goes; new fields may come at any time.
public final class Json {
  private static final ObjectWriter COMPACT = new ObjectMapper().writer();
  private static final ObjectWriter PRETTY = COMPACT.withDefaultPrettyPrinter();

  private Json() {}

  /// A report.
  public static String report(Map<String, ?> fields) {
    return text(PRETTY, fields);
  }

  /// One of many reports, in a line: for what has no end that is known.
  public static String line(Map<String, ?> fields) {
    return text(COMPACT, fields);
  }

  private static String text(ObjectWriter writer, Map<String, ?> fields) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("schema_version", 1);
    report.putAll(fields);
    try {
      return writer.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings and numbers always serialise", e);
    }
  }
}
