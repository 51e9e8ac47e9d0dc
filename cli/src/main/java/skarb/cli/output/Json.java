package skarb.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reports for programs: one JSON object, with `schema_version` first. The version grows when a
/// field changes its meaning or goes; new fields may come at any time.
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  /// A report.
  public static String report(Map<String, ?> fields) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("schema_version", 1);
    report.putAll(fields);
    try {
      return MAPPER.writeValueAsString(report);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of strings and numbers always serialise", e);
    }
  }
}
