package skarb.node.commit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import skarb.node.model.Hlc;

/// The site's hybrid logical clock: each stamp is above the wall clock, above every stamp that was
/// joined, and above the one that it supersedes. So stamps order writes as they happened here, and
/// after what they had seen of other sites, whatever the wall clock does meanwhile.
///
/// It may stand above the wall clock, where that was set back, and by more than others would take
/// in. Then writes are refused, unless an operator accepts it: they go on above what there is, as
/// long as the wall clock catches up and does not fall further behind.
///
/// Of one thread, the committer's, but for [#ahead], [#accept] and [#isAccepted].
final class HybridClock {
  private final InstantSource wallClock;
  private final AtomicLong acceptedMillis = new AtomicLong();
  private volatile Hlc last;

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

  /// Whether it stands above the wall clock by more than a distance, and further than an operator
  /// accepted. What was accepted shrinks as the wall clock catches up, and is over once it has.
  boolean isTooFarAhead(Duration distance) {
    long ahead = ahead().toMillis();
    if (ahead <= distance.toMillis()) {
      acceptedMillis.set(0);
      return false;
    }
    long accepted =
        acceptedMillis.updateAndGet(
            before -> before + distance.toMillis() < ahead ? before : Math.min(before, ahead));
    return accepted == 0 || ahead > accepted + distance.toMillis();
  }

  /// Lets writes go on though it stands where it stands.
  void accept() {
    acceptedMillis.set(ahead().toMillis());
  }

  /// Whether an operator accepted that it stands above the wall clock, and it still does.
  boolean isAccepted() {
    return acceptedMillis.get() > 0;
  }

  private long wallMillis() {
    return Math.max(0, wallClock.millis());
  }
}
