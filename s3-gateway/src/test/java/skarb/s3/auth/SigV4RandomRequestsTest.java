package skarb.s3.auth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skarb.s3.error.S3Error;

/// A signer that knows what it means, and a wire that encodes it in one of many ways, agree with
/// the verifier that sees the wire alone.
class SigV4RandomRequestsTest {
  private static final List<String> PIECES =
      List.of(
          "a",
          "Z",
          "0",
          "-",
          "_",
          ".",
          "~",
          "/",
          "//",
          "..",
          " ",
          "+",
          "%",
          "&",
          "=",
          "?",
          "#",
          "é",
          "日",
          "\uD83D\uDE00",
          "'",
          "\"",
          "*",
          "(",
          ":",
          "@",
          ";",
          ",",
          "\\",
          "|",
          "\u0001");

  private final Authentications today = new Authentications("2013-05-24T00:00:00Z");

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /// As the specification encodes.
  private static String encoded(String text, boolean keepSlashes) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain =
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".indexOf(c) >= 0;
      encoded.append(plain || (keepSlashes && c == '/') ? "" + c : "%%%02X".formatted((int) c));
    }
    return encoded.toString();
  }

  /// As some client might send it: more or less escaped, in either case.
  private static String onTheWire(String text, boolean keepSlashes, Random random) {
    StringBuilder wire = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean mayStay = c > ' ' && c < 0x7F && "%?#&=+/".indexOf(c) < 0;
      if ((keepSlashes && c == '/' && random.nextInt(4) > 0) || (mayStay && random.nextBoolean())) {
        wire.append(c);
      } else {
        wire.append((random.nextBoolean() ? "%%%02X" : "%%%02x").formatted((int) c));
      }
    }
    return wire.toString();
  }

  @Test
  void verifierAndSignerAgree() {
    Random random = RandomSeed.random("verifierAndSignerAgree");
    for (int round = 0; round < 2000; round++) {
      String key = "/" + text(random, 8);
      List<Map.Entry<String, String>> meant = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        meant.add(Map.entry("p" + text(random, 3), text(random, 4)));
      }
      List<String> canonical =
          meant.stream()
              .map(p -> encoded(p.getKey(), false) + "\u0000" + encoded(p.getValue(), false))
              .sorted()
              .map(p -> p.replace('\u0000', '='))
              .toList();
      Collections.shuffle(meant, random);
      String wirePath = "/" + onTheWire(key.substring(1), true, random);
      String wireQuery =
          String.join(
              "&",
              meant.stream()
                  .map(p ->
                      onTheWire(p.getKey(), false, random)
                          + "="
                          + onTheWire(p.getValue(), false, random))
                  .toList());

      String authorization =
          TestRequest.of("GET", encoded(key, true) + "?" + String.join("&", canonical))
              .header("host", "localhost")
              .header("x-amz-date", "20130524T000000Z")
              .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
              .signed()
              .head()
              .header("authorization")
              .orElseThrow();
      TestRequest sent =
          TestRequest.of("GET", wirePath + "?" + wireQuery)
              .header("host", "localhost")
              .header("x-amz-date", "20130524T000000Z")
              .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
              .header("authorization", authorization);

      today.accepted(sent);
      today.refused(
          sent.query(wireQuery + (wireQuery.isEmpty() ? "" : "&") + "added=1"),
          S3Error.SIGNATURE_DOES_NOT_MATCH);
    }
  }
}
