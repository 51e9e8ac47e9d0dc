package skarb.node.recovery;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Says how far a recovery is, a line every few seconds: one that is done before the first line is
/// due says nothing. Of one thread.
public final class ProgressLines implements Recovery.Progress {
  private static final long EVERY_NANOS = 3_000_000_000L;
  private static final double NANOS = 1e9;

  private final LongSupplier nanoTime;
  private final Consumer<String> lines;
  private final long begin;
  private long last;
  private long firstBatch;
  private long loadBegin;

  /// @param nanoTime a clock that only goes forward, in nanoseconds
  /// @param lines takes the lines
  public ProgressLines(LongSupplier nanoTime, Consumer<String> lines) {
    this.nanoTime = nanoTime;
    this.lines = lines;
    this.begin = nanoTime.getAsLong();
    this.last = begin;
  }

  @Override
  public void replayed(long batch, long lastBatch) {
    if (firstBatch == 0 || batch < firstBatch) {
      firstBatch = batch;
    }
    long now = nanoTime.getAsLong();
    if (now - last >= EVERY_NANOS) {
      last = now;
      double share = (batch - firstBatch + 1.0) / (lastBatch - firstBatch + 1.0);
      say("making the index: batch", batch, lastBatch, share, (now - begin) / NANOS);
    }
  }

  @Override
  public void loaded(long rows, long allRows) {
    long now = nanoTime.getAsLong();
    if (loadBegin == 0) {
      loadBegin = now;
    }
    if (now - last >= EVERY_NANOS) {
      last = now;
      say(
          "writing the index: row",
          rows,
          allRows,
          (double) rows / allRows,
          (now - loadBegin) / NANOS);
    }
  }

  private void say(String what, long done, long all, double share, double seconds) {
    lines.accept(
        String.format(
            Locale.ROOT,
            "%s %,d of %,d (%.0f %%, about %.0f s left)",
            what,
            done,
            all,
            share * 100,
            seconds / share - seconds));
  }
}
