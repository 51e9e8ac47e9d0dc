package skarb.node.joining;

/// Told of each step of a site that joins, so that a test can stop it there.
@FunctionalInterface
public interface JoinSteps {
  /// Nobody listens.
  JoinSteps NONE = step -> {};

  /// The steps, in their order.
  enum Step {
    /// The other site has answered; nothing is kept yet.
    ANSWERED,
    /// The answer is on disk: from here on the site has joined.
    ACCEPTED,
    /// The realm's keys are in the ring.
    KEYS,
    /// The certificate is the realm's.
    CERTIFICATES,
    /// Both sites are members here.
    MEMBERS,
    /// Secrets are sealed anew.
    SECRETS,
    /// The other site is dialled.
    PEER
  }

  /// A step was done. What it throws ends the joining there.
  void reached(Step step);
}
