package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import skarb.s3.error.S3Error;

/// Requests that a real client signed, with keys that servers like to get wrong.
class BotocoreRequestsTest {
  private final Authentications requests = new Authentications("2026-11-25T12:00:05Z");

  static Stream<Arguments> requests() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            BotocoreRequestsTest.class.getResourceAsStream("botocore-requests.txt"))) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      List<String> blocks = List.of(text.split("\n\n", -1));
      return blocks.stream()
          .skip(1)
          .map(block -> List.of(block.strip().split("\n", -1)))
          .map(lines -> Arguments.of(lines.getFirst(), lines));
    }
  }

  private static TestRequest parse(List<String> lines) {
    String requestLine = lines.get(1);
    int blank = requestLine.indexOf(' ');
    TestRequest request =
        TestRequest.of(requestLine.substring(0, blank), requestLine.substring(blank + 1));
    for (String line : lines.subList(2, lines.size())) {
      int colon = line.indexOf(':');
      request.header(line.substring(0, colon), line.substring(colon + 2));
    }
    return request;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isAcceptedAsSentAndRefusedWhenChanged(String name, List<String> lines) {
    assertThat(requests.accepted(parse(lines)).principal().accessKeyId()).isEqualTo(TestKeys.ID);
    requests.refused(parse(lines).method("PATCH"), S3Error.SIGNATURE_DOES_NOT_MATCH);
    requests.refused(
        parse(lines).replace("host", "elsewhere:9000"), S3Error.SIGNATURE_DOES_NOT_MATCH);
  }
}
