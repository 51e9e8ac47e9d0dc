package skarb.cli.bench.load;

import java.util.concurrent.atomic.AtomicLong;

/// Numbers the objects of a run, so that all of them can be removed in the end. Safe for many
/// threads.
final class ObjectIds {
  private final AtomicLong next = new AtomicLong();

  long next() {
    return next.getAndIncrement();
  }

  /// How many numbers were given out.
  long count() {
    return next.get();
  }
}
