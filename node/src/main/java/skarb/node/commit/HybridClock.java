package skarb.node.commit;

import java.time.Duration;
import java.time.InstantSource;
import skarb.node.model.Hlc;

/// The site's hybrid logical clock: each stamp is above the wall clock, above every stamp that was
/// joined, and above the one that it supersedes. So stamps order writes as they happened here, and
/// after what they had seen of other sites, whatever the wall clock does meanwhile.
///
/// Of one thread, the committer's.
final class HybridClock {
  private final InstantSource wallClock;
  private Hlc last;

  /// @param highest the highest stamp among the entries logged here
  HybridClock(InstantSource wallClock, Hlc highest) {
    this.wallClock = wallClock;
    this.last = highest;
  }

  /// A new stamp.
  ///
  /// @param superseded the stamp of what is written over; [Hlc#ZERO] for nothing
  Hlc stamp(Hlc superseded) {
    Hlc below = last.compareTo(superseded) >= 0 ? last : superseded;
    Hlc wall = Hlc.ofMillis(wallMillis());
    last = wall.compareTo(below) > 0 ? wall : below.next();
    return last;
  }

  /// Takes in the stamp of an entry that was joined.
  void joined(Hlc stamp) {
    if (stamp.compareTo(last) > 0) {
      last = stamp;
    }
  }

  /// Whether a stamp stands above the wall clock by more than a distance.
  boolean isAhead(Hlc stamp, Duration distance) {
    return stamp.millis() - wallMillis() > distance.toMillis();
  }

  /// How far the clock stands above the wall clock; zero where it does not.
  Duration ahead() {
    return Duration.ofMillis(Math.max(0, last.millis() - wallMillis()));
  }

  private long wallMillis() {
    return Math.max(0, wallClock.millis());
  }
}
