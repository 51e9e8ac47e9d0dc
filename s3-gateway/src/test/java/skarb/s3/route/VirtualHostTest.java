package skarb.s3.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtualHostTest {
  private final Router router = new Router(List.of("example.com", "S3.example.com"));

  private S3Request route(String host, String path) {
    Map<String, List<String>> headers = Map.of("host", List.of(host));
    return router.route(new RequestHead("GET", path, "", headers, "127.0.0.1", false, "1"));
  }

  @ParameterizedTest
  @CsvSource({
    "box.localhost, /a/b, box, a/b",
    "box.localhost:9000, /, box, ''",
    "a.b.LocalHost, /key, a.b, key",
    "box.localhost.:80, /x%2Fy+z, box, x/y+z",
    "box.s3.example.com, //, box, /",
    "dotted.name.example.com, /k, dotted.name, k",
    "S3.EXAMPLE.COM, /box/k, box, k",
    "localhost, /box/k, box, k",
    "127.0.0.1:9000, /box/k, box, k",
    "'[::1]:9000', /box/k, box, k",
    "other.org, /box/k, box, k",
    "notexample.com, /box/k, box, k"
  })
  void theHostNamesTheBucketWhereItLiesBelowADomain(
      String host, String path, String bucket, String key) {
    S3Request request = route(host, path);

    assertThat(request.bucket()).isEqualTo(bucket);
    assertThat(request.key()).isEqualTo(key);
  }
}
