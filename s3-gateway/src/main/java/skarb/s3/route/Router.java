package skarb.s3.route;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.ResourcePath.Level;
import skarb.s3.route.RouteTable.Route;

/// Finds the operation that a request asks for, from [RouteTable] alone. A query that selects
/// something unknown is refused: it never falls through to getting, storing or listing. Safe for
/// many threads.
public final class Router {
  private static final Map<Level, Map<String, Set<String>>> PLAIN_PARAMS = plainParams();

  private final HostStyle hosts;
  private final Map<Level, Map<String, List<Route>>> routes = new EnumMap<>(Level.class);

  /// A router over the one table.
  ///
  /// @param domains names that the gateway goes by: a host below one of them names a bucket
  public Router(List<String> domains) {
    hosts = new HostStyle(domains);
    for (Level level : Level.values()) {
      routes.put(level, new HashMap<>());
    }
    for (Route route : RouteTable.routes()) {
      at(route.level()).computeIfAbsent(route.method(), m -> new ArrayList<>()).add(route);
    }
  }

  /// Tells what a request asks for. Nothing is looked at but the request line, `Host`, and, for
  /// copies, whether their header is there.
  ///
  /// @throws S3Exception InvalidURI, MethodNotAllowed with `Allow`, or NotImplemented for a query
  ///   key that S3 does not know
  public S3Request route(RequestHead head) {
    ResourcePath path =
        hosts
            .bucket(head)
            .map(bucket -> ResourcePath.below(bucket, head.rawPath()))
            .orElseGet(() -> ResourcePath.parse(head.rawPath()));
    QueryParams query = QueryParams.parse(head.rawQuery());
    S3Operation operation = operation(head, path, query);
    return new S3Request(operation, path.bucket(), path.key(), query, head);
  }

  private S3Operation operation(RequestHead head, ResourcePath path, QueryParams query) {
    Level level = path.level();
    if (level == Level.BUCKET
        && path.bucket().equals("WriteGetObjectResponse")
        && head.method().equals("POST")) {
      return S3Operation.WRITE_GET_OBJECT_RESPONSE;
    }
    if (head.method().equals("OPTIONS") && level != Level.SERVICE) {
      throw new S3Exception(
          S3Error.ACCESS_FORBIDDEN, "CORSResponse: CORS is not enabled for this bucket.");
    }
    List<Route> candidates = at(level).getOrDefault(head.method(), List.of());
    String selector = selector(head, level, query, candidates);
    boolean copies = head.headers().containsKey(RouteTable.COPY_SOURCE);
    Route best = best(candidates, selector, query, copies);
    if (best == null) {
      throw unmatched(head, level, query);
    }
    return best.operation();
  }

  private static @Nullable Route best(
      List<Route> candidates, @Nullable String selector, QueryParams query, boolean copies) {
    Route best = null;
    for (Route route : candidates) {
      boolean selected = selector == null ? route.query().isEmpty() : route.hasSelector(selector);
      if (selected
          && route.matches(query, copies)
          && (best == null || route.weight() > best.weight())) {
        best = route;
      }
    }
    return best;
  }

  /// The one key of the query that selects a route of this method; null where there is none and all
  /// keys are parameters of the plain operation.
  private @Nullable String selector(
      RequestHead head, Level level, QueryParams query, List<Route> candidates) {
    if (query.isEmpty()) {
      return null;
    }
    String selector = null;
    for (QueryParams.Param param : query.all()) {
      if (!selects(candidates, param)) {
        continue;
      }
      if (selector != null && !selector.equals(param.name())) {
        throw new S3Exception(
            S3Error.INVALID_REQUEST,
            "Conflicting query string parameters: " + selector + ", " + param.name());
      }
      selector = param.name();
    }
    if (selector == null) {
      checkPlain(head, level, query);
    }
    return selector;
  }

  private void checkPlain(RequestHead head, Level level, QueryParams query) {
    Set<String> plain =
        PLAIN_PARAMS.getOrDefault(level, Map.of()).getOrDefault(head.method(), Set.of());
    boolean reads = head.method().equals("GET") || head.method().equals("HEAD");
    for (QueryParams.Param param : query.all()) {
      if (plain.contains(param.name()) || isIgnored(param.name())) {
        continue;
      }
      if (!allowed(level, param.name()).isEmpty()) {
        throw methodNotAllowed(allowed(level, param.name()));
      }
      if (!reads || param.value().isEmpty()) {
        throw unknownParameter(param.name());
      }
    }
  }

  private S3Exception unmatched(RequestHead head, Level level, QueryParams query) {
    for (QueryParams.Param param : query.all()) {
      if (selects(at(level).getOrDefault(head.method(), List.of()), param)) {
        return new S3Exception(
            S3Error.INVALID_REQUEST, "The request lacks parameters that go with " + param.name());
      }
    }
    if (head.method().equals("POST") && level == Level.BUCKET) {
      return new S3Exception(
          S3Error.NOT_IMPLEMENTED, "Uploads by an HTML form are not implemented.");
    }
    return methodNotAllowed(allowed(level, ""));
  }

  private static S3Exception unknownParameter(String name) {
    return new S3Exception(
        S3Error.NOT_IMPLEMENTED,
        "A query parameter you provided implies functionality that is not implemented",
        Map.of("ParameterName", name),
        Map.of());
  }

  private static S3Exception methodNotAllowed(Set<String> allowed) {
    return new S3Exception(
        S3Error.METHOD_NOT_ALLOWED,
        S3Error.METHOD_NOT_ALLOWED.message(),
        Map.of(),
        allowed.isEmpty() ? Map.of() : Map.of("Allow", String.join(", ", allowed)));
  }

  /// The methods that a selector goes with; for the empty one, those of the plain operations.
  private Set<String> allowed(Level level, String selector) {
    Set<String> methods = new TreeSet<>();
    at(level)
        .forEach((method, list) -> {
          for (Route route : list) {
            if (selector.isEmpty() ? route.query().isEmpty() : route.hasSelector(selector)) {
              methods.add(method);
            }
          }
        });
    return methods;
  }

  private Map<String, List<Route>> at(Level level) {
    Map<String, List<Route>> byMethod = routes.get(level);
    if (byMethod == null) {
      throw new IllegalStateException("no table for " + level);
    }
    return byMethod;
  }

  /// Whether a parameter is the first key of a route, with the value that the route wants.
  private static boolean selects(List<Route> candidates, QueryParams.Param param) {
    for (Route route : candidates) {
      if (route.hasSelector(param.name()) && route.query().getFirst().accepts(param.value())) {
        return true;
      }
    }
    return false;
  }

  /// What belongs to the signature, and what S3 leaves to the caller's own logs: names in `x-`.
  private static boolean isIgnored(String name) {
    return name.regionMatches(true, 0, "x-", 0, 2)
        || name.equals("AWSAccessKeyId")
        || name.equals("Signature")
        || name.equals("Expires");
  }

  private static Map<Level, Map<String, Set<String>>> plainParams() {
    Set<String> reads =
        Set.of(
            "partNumber",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires",
            "versionId");
    Set<String> lists =
        Set.of(
            "continuation-token",
            "delimiter",
            "encoding-type",
            "fetch-owner",
            "list-type",
            "marker",
            "max-keys",
            "prefix",
            "start-after");
    Map<Level, Map<String, Set<String>>> params = new EnumMap<>(Level.class);
    params.put(
        Level.SERVICE,
        Map.of("GET", Set.of("bucket-region", "continuation-token", "max-buckets", "prefix")));
    params.put(Level.BUCKET, Map.of("GET", lists));
    params.put(Level.OBJECT, Map.of("GET", reads, "HEAD", reads, "DELETE", Set.of("versionId")));
    return params;
  }
}
