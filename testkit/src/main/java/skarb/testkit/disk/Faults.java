package skarb.testkit.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The failures that a test armed, and what they say of each operation. Guarded by the disk's lock.
final class Faults {
  /// What is to become of an operation.
  enum Verdict {
    PROCEED,
    FAIL,
    CUT
  }

  private final List<Fault> armed = new ArrayList<>();
  private boolean fired;

  void arm(Predicate<DiskOperation> covers, long nth, FailureMode mode) {
    if (nth < 1) {
      throw new IllegalArgumentException("operations count from 1: " + nth);
    }
    armed.add(new Fault(covers, nth, mode));
  }

  void clear() {
    armed.clear();
    fired = false;
  }

  boolean fired() {
    return fired;
  }

  Verdict judge(DiskOperation operation) {
    Verdict verdict = Verdict.PROCEED;
    for (Fault fault : armed) {
      if (fault.strikes(operation)) {
        fired = true;
        Verdict its = fault.mode == FailureMode.POWER_CUT ? Verdict.CUT : Verdict.FAIL;
        verdict = its.compareTo(verdict) > 0 ? its : verdict;
      }
    }
    return verdict;
  }

  private static final class Fault {
    private final Predicate<DiskOperation> covers;
    private final long nth;
    private final FailureMode mode;
    private long seen;

    Fault(Predicate<DiskOperation> covers, long nth, FailureMode mode) {
      this.covers = covers;
      this.nth = nth;
      this.mode = mode;
    }

    boolean strikes(DiskOperation operation) {
      if (!covers.test(operation)) {
        return false;
      }
      seen++;
      return mode == FailureMode.PERSISTENT ? seen >= nth : seen == nth;
    }
  }
}
