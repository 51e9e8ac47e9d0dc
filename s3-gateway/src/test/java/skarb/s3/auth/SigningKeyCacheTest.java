package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What the cache remembers, for how long, and when it asks all the same.
class SigningKeyCacheTest {
  private final TestClock clock = new TestClock("2013-05-24T00:00:00Z");
  private final FakeNode node = FakeNode.withExampleKey();
  private final SigningKeyCache cache = new SigningKeyCache(node, clock, 3);

  private static SignatureService.Claim claim(String secret, String region) {
    CredentialScope scope = new CredentialScope("20130524", region, "s3");
    return new SignatureService.Claim(
        TestKeys.ID, scope, "text", TestKeys.sign(secret, scope, "text"));
  }

  private static SignatureService.Claim right() {
    return claim(TestKeys.SECRET, "us-east-1");
  }

  private static SignatureService.Claim wrong() {
    return claim("another secret", "us-east-1");
  }

  private static long generation(SignatureService.Verdict verdict) {
    assertThat(verdict).isInstanceOf(SignatureService.Verdict.Verified.class);
    return ((SignatureService.Verdict.Verified) verdict).principal().keyGeneration();
  }

  @Test
  void theNodeIsAskedOnceInThirtySeconds() {
    cache.verify(right());
    clock.advance(Duration.ofMillis(29_999));
    cache.verify(right());
    assertThat(node.asked()).isEqualTo(1);

    clock.advance(Duration.ofMillis(1));
    cache.verify(right());
    assertThat(node.asked()).isEqualTo(2);
  }

  @Test
  void aSecondUseDoesNotMakeAnEntryYounger() {
    cache.verify(right());
    clock.advance(Duration.ofSeconds(20));
    cache.verify(right());
    clock.advance(Duration.ofSeconds(20));
    cache.verify(right());

    assertThat(node.asked()).isEqualTo(2);
  }

  @Test
  void aClockThatGoesBackEndsEntries() {
    cache.verify(right());
    clock.advance(Duration.ofSeconds(-1));
    cache.verify(right());

    assertThat(node.asked()).isEqualTo(2);
  }

  @Test
  void aMismatchIsPutToTheNodeFirst() {
    cache.verify(right());
    node.put(TestKeys.ID, "another secret", 2);

    assertThat(generation(cache.verify(wrong()))).isEqualTo(2);
    assertThat(generation(cache.verify(wrong()))).isEqualTo(2);
    assertThat(node.asked()).isEqualTo(2);
  }

  @Test
  void aMismatchOfTheNodesIsNotRememberedAndDoesNoHarm() {
    cache.verify(right());

    assertThat(cache.verify(wrong())).isEqualTo(new SignatureService.Verdict.Mismatch());
    assertThat(cache.verify(wrong())).isEqualTo(new SignatureService.Verdict.Mismatch());
    assertThat(generation(cache.verify(right()))).isEqualTo(1);
    assertThat(node.asked()).isEqualTo(3);
  }

  @Test
  void aKeyThatIsGoneIsForgotten() {
    cache.verify(right());
    cache.verify(claim(TestKeys.SECRET, "eu-central-1"));
    node.remove(TestKeys.ID);

    assertThat(cache.verify(wrong())).isEqualTo(new SignatureService.Verdict.NoSuchKey());
    assertThat(cache.size()).isZero();
    assertThat(cache.verify(right())).isEqualTo(new SignatureService.Verdict.NoSuchKey());
  }

  @Test
  void forgettingAsksAgain() {
    cache.verify(right());
    cache.forget(TestKeys.ID);
    cache.verify(right());

    assertThat(node.asked()).isEqualTo(2);
  }

  @Test
  void scopesAreKeptApartAndTheLeastRecentlyUsedGoes() {
    for (String region : new String[] {"a", "b", "c", "a", "d"}) {
      cache.verify(claim(TestKeys.SECRET, region));
    }
    assertThat(node.asked()).isEqualTo(4);
    assertThat(cache.size()).isEqualTo(3);

    cache.verify(claim(TestKeys.SECRET, "a"));
    assertThat(node.asked()).isEqualTo(4);
    cache.verify(claim(TestKeys.SECRET, "b"));
    assertThat(node.asked()).isEqualTo(5);
  }

  @Test
  void nothingShowsAKey() {
    SignatureService.Verdict verdict = cache.verify(right());

    assertThat(cache.toString()).isEqualTo("SigningKeyCache[1 entries]");
    assertThat(verdict.toString()).contains("SigningKey[hidden]");
  }
}
