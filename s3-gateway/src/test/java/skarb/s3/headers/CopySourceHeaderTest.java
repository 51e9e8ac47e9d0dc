package skarb.s3.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;
import skarb.v1.CopySource;

class CopySourceHeaderTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  private static CopySource parse(String value, Map<String, String> more) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("x-amz-copy-source", List.of(value));
    more.forEach((name, text) -> headers.put(name, List.of(text)));
    RequestHead head = new RequestHead("PUT", "/to/key", "", headers, "127.0.0.1", false, "id");
    return CopySourceHeader.parse(head, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "box/key, box, key",
    "/box/key, box, key",
    "box/a%2Fb%20c, box, a/b c",
    "box/a+b, box, a b",
    "box/a%2Bb, box, a+b",
    "box/a%252Fb, box, a%2Fb",
    "box%2Fkey, box, key",
    "%2Fbox%2Fkey, box, key",
    "box//key, box, /key",
    "box/%C3%BC, box, \u00fc",
    "box/a?b, box, a?b",
  })
  void theKeyIsDecodedOnce(String value, String bucket, String key) {
    CopySource source = parse(value, Map.of());

    assertThat(source.getBucket()).isEqualTo(bucket);
    assertThat(source.getKey()).isEqualTo(key);
    assertThat(source.hasVersionId()).isFalse();
  }

  @Test
  void theVersionIsSplitOffBeforeTheKeyIsDecoded() {
    CopySource versioned = parse("box/a%3FversionId=x?versionId=v%201", Map.of());
    assertThat(versioned.getKey()).isEqualTo("a?versionId=x");
    assertThat(versioned.getVersionId()).isEqualTo("v 1");

    CopySource plain = parse("box/%3FversionId%3Dx", Map.of());
    assertThat(plain.getKey()).isEqualTo("?versionId=x");
    assertThat(plain.hasVersionId()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "box", "/box", "box/", "//key", "box/%zz", "box/%ff", "box/k?versionId="})
  void whatNamesNoObjectIsRefused(String value) {
    assertThatThrownBy(() -> parse(value, Map.of()))
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.error().code()).isEqualTo("InvalidArgument"));
  }

  @Test
  void conditionsOnTheSourceHaveHeadersOfTheirOwn() {
    CopySource source =
        parse(
            "box/key",
            Map.of(
                "if-match", "\"mine\"",
                "x-amz-copy-source-if-match", "\"a\"",
                "x-amz-copy-source-if-none-match", "*",
                "x-amz-copy-source-if-modified-since", "Sun, 01 Nov 2037 12:00:00 GMT",
                "x-amz-copy-source-if-unmodified-since", "Sun, 01 Nov 2026 12:00:00 GMT"));

    assertThat(source.getConditions().getIfMatch().getEtagsList()).containsExactly("a");
    assertThat(source.getConditions().getIfNoneMatch().getAny()).isTrue();
    assertThat(source.getConditions().hasIfModifiedSince()).as("the future is ignored").isFalse();
    assertThat(source.getConditions().getIfUnmodifiedSince().getSeconds())
        .isEqualTo(Instant.parse("2026-11-01T12:00:00Z").getEpochSecond());
  }
}
