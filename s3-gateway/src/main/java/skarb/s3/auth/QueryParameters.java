package skarb.s3.auth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The query of a request, as signatures see it. A `+` is a space here, as servers of forms read
/// it; signers write `%20` and `%2B`. Immutable.
final class QueryParameters {
  private record Parameter(String encodedName, String encodedValue, String name, String value) {}

  private final List<Parameter> parameters;

  private QueryParameters(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /// Reads a query as it came, without its `?`.
  ///
  /// @throws skarb.s3.error.S3Exception InvalidURI for a broken percent escape
  static QueryParameters parse(String rawQuery) {
    List<Parameter> parameters = new ArrayList<>();
    for (int start = 0; start < rawQuery.length(); ) {
      int end = rawQuery.indexOf('&', start);
      end = end < 0 ? rawQuery.length() : end;
      if (end > start) {
        parameters.add(parameter(rawQuery.substring(start, end)));
      }
      start = end + 1;
    }
    parameters.sort(
        Comparator.comparing(Parameter::encodedName).thenComparing(Parameter::encodedValue));
    return new QueryParameters(List.copyOf(parameters));
  }

  private static Parameter parameter(String text) {
    int equals = text.indexOf('=');
    byte[] name = UriEncoding.decodeQuery(equals < 0 ? text : text.substring(0, equals));
    byte[] value = UriEncoding.decodeQuery(equals < 0 ? "" : text.substring(equals + 1));
    return new Parameter(
        UriEncoding.encode(name),
        UriEncoding.encode(value),
        new String(name, StandardCharsets.UTF_8),
        new String(value, StandardCharsets.UTF_8));
  }

  /// The decoded values of a parameter, by its name as it is written.
  List<String> values(String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).map(Parameter::value).toList();
  }

  /// The first decoded value of a parameter.
  Optional<String> first(String name) {
    return parameters.stream().filter(p -> p.name().equals(name)).map(Parameter::value).findFirst();
  }

  boolean has(String name) {
    return first(name).isPresent();
  }

  /// Sorted by encoded name, then encoded value; without the signature itself.
  String canonical() {
    return parameters.stream()
        .filter(p -> !p.name().equals("X-Amz-Signature"))
        .map(p -> p.encodedName() + "=" + p.encodedValue())
        .collect(Collectors.joining("&"));
  }
}
