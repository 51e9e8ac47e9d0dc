package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// An authenticator at one moment, with the node that it asks, and what tests want to know of it.
final class Authentications {
  final TestClock clock;
  final FakeNode node = FakeNode.withExampleKey();
  final Authenticator authenticator;

  Authentications(String now) {
    this(now, Optional.empty());
  }

  Authentications(String now, Optional<String> requiredRegion) {
    clock = new TestClock(now);
    authenticator =
        new SigV4Authenticator(new SigningKeyCache(node, clock, 100), clock, requiredRegion);
  }

  Authentication.Signed accepted(TestRequest request) {
    Authentication result = authenticator.authenticate(request.head());
    assertThat(result).isInstanceOf(Authentication.Signed.class);
    return (Authentication.Signed) result;
  }

  S3Exception refused(TestRequest request, S3Error error) {
    S3Exception refusal =
        catchThrowableOfType(S3Exception.class, () -> authenticator.authenticate(request.head()));
    assertThat(refusal).isNotNull();
    assertThat(refusal.error()).as(refusal.shownMessage()).isEqualTo(error);
    return refusal;
  }
}
