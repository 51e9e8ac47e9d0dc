package skarb.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skarb.node.access.Tokens.Claims;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

class TokensTest {
  private Instant now = Instant.parse("2025-01-02T03:04:05Z");
  private final Tokens tokens = new Tokens(NodeKey.create(new Random(1)), () -> now, new Random(2));

  @Test
  void tokenSaysForWhichKeyAndGenerationItStands() {
    Tokens.Token token = tokens.issue("AK1", 77, Duration.ofHours(1));
    assertThat(tokens.open(token.text())).isEqualTo(new Claims("AK1", 77));
    assertThat(token.expires()).isEqualTo(now.plusSeconds(3600));
    assertThat(token.toString()).doesNotContain(token.text());
    assertThat(token.text()).doesNotContain("AK1").matches("skt1_[A-Za-z0-9_-]+");
  }

  @Test
  void tokenEndsOnTime() {
    String token = tokens.issue("AK1", 77, Duration.ofHours(1)).text();
    now = now.plusSeconds(3599);
    assertThat(tokens.open(token).accessKeyId()).isEqualTo("AK1");
    now = now.plusSeconds(1);
    expect(ErrorReason.ERROR_REASON_TOKEN_EXPIRED, token);
  }

  @Test
  void everyChangedCharacterIsSeen() {
    String token = tokens.issue("AK1", 77, Duration.ofHours(1)).text();
    for (int i = 0; i < token.length() - 1; i++) { // the last one has bits to spare
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      expect(
          ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
          token.substring(0, i) + other + token.substring(i + 1));
    }
    expect(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, "");
    expect(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, "skt1_");
    expect(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, "skt1_!!!");
  }

  @Test
  void tokenOfAnotherNodeIsNotTaken() {
    Tokens other = new Tokens(NodeKey.create(new Random(9)), () -> now, new Random(2));
    expect(
        ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED,
        other.issue("AK1", 77, Duration.ofHours(1)).text());
  }

  @Test
  void timesOutsideTheLimitsAreRefused() {
    for (Duration ttl : new Duration[] {Duration.ZERO, Duration.ofDays(7).plusMillis(1)}) {
      assertThatThrownBy(() -> tokens.issue("AK1", 77, ttl))
          .isInstanceOfSatisfying(
              NodeException.class, e -> assertThat(e.metadata()).containsEntry("field", "ttl"));
    }
  }

  private void expect(ErrorReason reason, String token) {
    assertThatThrownBy(() -> tokens.open(token))
        .isInstanceOfSatisfying(NodeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
