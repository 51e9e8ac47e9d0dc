package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The canonical form, part by part.
class CanonicalRequestTest {
  private static String line(TestRequest request, int index, String... signedHeaders) {
    return CanonicalRequest.of(request.head(), new TreeSet<>(List.of(signedHeaders)), "hash")
        .text()
        .split("\n", -1)[index];
  }

  @ParameterizedTest
  @CsvSource({
    "/a/b,/a/b",
    "/a//b,/a//b",
    "/a/./../b,/a/./../b",
    "/a/,/a/",
    "//,//",
    "/a+b,/a%2Bb",
    "/a%2bb,/a%2Bb",
    "/a%20b,/a%20b",
    "/a%2Fb,/a/b",
    "/a/%2fb,/a//b",
    "/a%252Fb,/a%252Fb",
    "/%7Ea~,/~a~",
    "/%41-._,/A-._",
    "/%c3%bc,/%C3%BC",
    "/\u00c3\u00bc,/%C3%BC",
    "/%25,/%25",
    "/%2525,/%2525",
    "/a:b@c!$&'()*,/a%3Ab%40c%21%24%26%27%28%29%2A",
    "'',/"
  })
  void thePathIsEncodedOnceAndNeverNormalised(String raw, String canonical) {
    assertThat(line(TestRequest.of("GET", raw), 1)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "acl,acl=",
    "acl=,acl=",
    "b=2&a=1,a=1&b=2",
    "a=2&a=1,a=1&a=2",
    "a=1&A=2,A=2&a=1",
    "a-b=1&a=2&a.b=3,a=2&a-b=1&a.b=3",
    "a=b%2fc,a=b%2Fc",
    "a=/,a=%2F",
    "a=b=c,a=b%3Dc",
    "a=b+c,a=b%20c",
    "a=b%2Bc,a=b%2Bc",
    "a=%7e,a=~",
    "&a=1&&b=2&,a=1&b=2",
    "=x,=x",
    "a=1&X-Amz-Signature=s&b=2,a=1&b=2"
  })
  void theQueryIsSortedByWhatIsEncoded(String raw, String canonical) {
    assertThat(line(TestRequest.of("GET", "/?" + raw), 2)).isEqualTo(canonical);
  }

  @Test
  void headerValuesAreTrimmedCollapsedAndJoined() {
    TestRequest request =
        TestRequest.of("GET", "/")
            .header("x-a", "  one   two\tthree  ")
            .header("x-a", "\"four  five\"")
            .header("x-b", "")
            .header("x-c", "not signed");

    assertThat(line(request, 3, "x-a", "x-b", "x-missing"))
        .isEqualTo("x-a:one two three,\"four five\"");
    assertThat(line(request, 4, "x-a", "x-b", "x-missing")).isEqualTo("x-b:");
    assertThat(line(request, 5, "x-a", "x-b", "x-missing")).isEqualTo("x-missing:");
    assertThat(line(request, 7, "x-a", "x-b", "x-missing")).isEqualTo("x-a;x-b;x-missing");
  }

  @Test
  void bytesOfHeadersAreHashedAsTheyCame() {
    TestRequest asBytes = TestRequest.of("GET", "/").header("x-a", "\u00c3\u00bc");
    TestRequest asText = TestRequest.of("GET", "/").header("x-a", "\u65e5");
    TreeSet<String> signed = new TreeSet<>(List.of("x-a"));

    assertThat(CanonicalRequest.of(asBytes.head(), signed, "h").hash())
        .isEqualTo(
            Sha256.hex(
                "GET\n/\n\nx-a:\u00fc\n\nx-a\nh"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(CanonicalRequest.of(asText.head(), signed, "h").hash())
        .isEqualTo(
            Sha256.hex(
                "GET\n/\n\nx-a:\u65e5\n\nx-a\nh"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }
}
