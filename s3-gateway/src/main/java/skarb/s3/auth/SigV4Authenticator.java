package skarb.s3.auth;

import java.time.InstantSource;
import java.util.Optional;
import skarb.s3.route.RequestHead;

/// AWS Signature Version 4, in the Authorization header or in the query. Safe for many threads.
public final class SigV4Authenticator implements Authenticator {
  private final SigningKeyCache signatures;
  private final InstantSource clock;
  private final Optional<String> requiredRegion;

  /// An authenticator.
  ///
  /// @param signatures judges signatures
  /// @param clock what requests' times are compared with
  /// @param requiredRegion the only region that scopes may name; empty: any will do
  public SigV4Authenticator(
      SigningKeyCache signatures, InstantSource clock, Optional<String> requiredRegion) {
    this.signatures = signatures;
    this.clock = clock;
    this.requiredRegion = requiredRegion;
  }

  @Override
  public Authentication authenticate(RequestHead head) {
    throw new UnsupportedOperationException(
        "under way: " + clock.instant() + signatures.hashCode() + requiredRegion);
  }
}
