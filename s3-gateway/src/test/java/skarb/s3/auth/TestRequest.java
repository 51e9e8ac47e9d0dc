package skarb.s3.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import skarb.s3.route.RequestHead;

/// Builds request heads, and signs them the way a client does: by a canonical request that is
/// written here anew, from what the client means and not from what it sends.
final class TestRequest {
  private String method = "GET";
  private String path = "/bucket/key";
  private String query = "";
  private final Map<String, List<String>> headers = new LinkedHashMap<>();

  static TestRequest of(String method, String target) {
    TestRequest request = new TestRequest();
    request.method = method;
    int mark = target.indexOf('?');
    request.path = mark < 0 ? target : target.substring(0, mark);
    request.query = mark < 0 ? "" : target.substring(mark + 1);
    return request;
  }

  /// A GET that is ready to be signed.
  static TestRequest get() {
    return of("GET", "/bucket/key")
        .header("host", "localhost")
        .header("x-amz-date", "20130524T000000Z")
        .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
  }

  /// A PUT that is ready to be signed.
  static TestRequest put(String payload) {
    return of("PUT", "/bucket/key")
        .header("host", "localhost")
        .header("x-amz-date", "20130524T000000Z")
        .header("x-amz-content-sha256", payload);
  }

  TestRequest header(String name, String value) {
    headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(value);
    return this;
  }

  TestRequest without(String name) {
    headers.remove(name);
    return this;
  }

  TestRequest replace(String name, String value) {
    return without(name).header(name, value);
  }

  TestRequest query(String text) {
    query = text;
    return this;
  }

  TestRequest method(String name) {
    method = name;
    return this;
  }

  /// Signs all headers that there are, for today's scope in us-east-1.
  TestRequest signed() {
    return signed(
        new CredentialScope("20130524", "us-east-1", "s3"), List.copyOf(headers.keySet()));
  }

  /// Signs these headers. Path and query must be canonical already.
  TestRequest signed(CredentialScope scope, List<String> names) {
    String signature = signature(scope, names);
    return header(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(
                TestKeys.ID,
                scope.text(),
                String.join(";", names.stream().sorted().toList()),
                signature));
  }

  /// The signature over these headers, with the path and query as they are.
  String signature(CredentialScope scope, List<String> names) {
    List<String> sorted = names.stream().sorted().toList();
    StringBuilder canonical = new StringBuilder();
    canonical.append(method).append('\n').append(path).append('\n').append(query).append('\n');
    for (String name : sorted) {
      canonical.append(name).append(':').append(String.join(",", values(name))).append('\n');
    }
    canonical.append('\n').append(String.join(";", sorted)).append('\n');
    canonical.append(
        values("x-amz-content-sha256").stream().findFirst().orElse("UNSIGNED-PAYLOAD"));
    String date = values("x-amz-date").stream().findFirst().orElse("20130524T000000Z");
    String stringToSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            date,
            scope.text(),
            Sha256.hex(canonical.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return TestKeys.sign(TestKeys.SECRET, scope, stringToSign);
  }

  private List<String> values(String name) {
    return headers.getOrDefault(name, List.of());
  }

  RequestHead head() {
    return new RequestHead(method, path, query, headers, "127.0.0.1", false, "id");
  }
}
