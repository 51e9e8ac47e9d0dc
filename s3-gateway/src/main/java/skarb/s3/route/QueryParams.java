package skarb.s3.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The query of a request, decoded once, in the order in which it came. A `+` is a space here, as
/// S3 has it. Immutable.
public final class QueryParams {
  private static final QueryParams NONE = new QueryParams(List.of());

  private final List<Param> params;

  /// One name with its value.
  ///
  /// @param value empty where there was none
  public record Param(String name, String value) {}

  private QueryParams(List<Param> params) {
    this.params = params;
  }

  /// Decodes a query without its `?`.
  ///
  /// @throws skarb.s3.error.S3Exception InvalidURI for a broken escape or what is not UTF-8
  public static QueryParams parse(String rawQuery) {
    if (rawQuery.isEmpty()) {
      return NONE;
    }
    List<Param> params = new ArrayList<>();
    int start = 0;
    while (start <= rawQuery.length()) {
      int end = rawQuery.indexOf('&', start);
      if (end < 0) {
        end = rawQuery.length();
      }
      if (end > start) {
        params.add(param(rawQuery, start, end));
      }
      start = end + 1;
    }
    return new QueryParams(List.copyOf(params));
  }

  private static Param param(String raw, int start, int end) {
    int equals = raw.indexOf('=', start);
    if (equals < 0 || equals > end) {
      return new Param(PercentDecoder.decodeQuery(raw, start, end), "");
    }
    return new Param(
        PercentDecoder.decodeQuery(raw, start, equals),
        PercentDecoder.decodeQuery(raw, equals + 1, end));
  }

  /// All of them.
  public List<Param> all() {
    return params;
  }

  /// Whether there are none.
  public boolean isEmpty() {
    return params.isEmpty();
  }

  /// Whether a name is there, with or without a value.
  public boolean has(String name) {
    return first(name).isPresent();
  }

  /// The first value of a name; an empty string where it came without one.
  public Optional<String> first(String name) {
    for (Param param : params) {
      if (param.name().equals(name)) {
        return Optional.of(param.value());
      }
    }
    return Optional.empty();
  }

  /// The first value of a name, or an empty string where it is not there.
  public String firstOrEmpty(String name) {
    return first(name).orElse("");
  }
}
