package skarb.cli.bench.load;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.IntCountsHistogram;
import skarb.cli.bench.load.Measurement.Figures;

/// What one worker notes of its operations, and what becomes of many workers' notes together. For
/// one thread.
final class Recorder {
  /// Three digits, from a microsecond to ten minutes: 80 KB a histogram, since there may be a
  /// thousand workers.
  private static final long MIN_NANOS = 1000;

  private static final long MAX_NANOS = 600_000_000_000L;
  private static final int DIGITS = 3;

  private final Map<Operation, Noted> noted = new EnumMap<>(Operation.class);
  private final Map<Operation, IntCountsHistogram> firstBytes = new EnumMap<>(Operation.class);
  private final Map<String, Long> errors = new TreeMap<>();
  private final Map<String, String> examples = new TreeMap<>();
  private long lastFinish = Long.MIN_VALUE;
  private boolean any;

  private static final class Noted {
    final IntCountsHistogram latency = histogram();
    long bytes;
    long objects;
    long[] bySecond = new long[64];
  }

  private static IntCountsHistogram histogram() {
    return new IntCountsHistogram(MIN_NANOS, MAX_NANOS, DIGITS);
  }

  /// An operation that succeeded.
  ///
  /// @param second since measuring began
  /// @param firstByteNanos -1 where it means nothing
  void success(
      Operation operation,
      int second,
      long finish,
      long nanos,
      long bytes,
      long objects,
      long firstByteNanos) {
    Noted one = noted.computeIfAbsent(operation, _ -> new Noted());
    one.latency.recordValue(Math.min(nanos, MAX_NANOS));
    if (firstByteNanos >= 0) {
      firstBytes
          .computeIfAbsent(operation, _ -> histogram())
          .recordValue(Math.min(firstByteNanos, MAX_NANOS));
    }
    one.bytes += bytes;
    one.objects += objects;
    one.bySecond = counted(one.bySecond, second, 1);
    finished(finish);
  }

  /// An operation that failed.
  void failure(String code, String message, long finish) {
    errors.merge(code, 1L, Long::sum);
    examples.putIfAbsent(code, message);
    finished(finish);
  }

  private void finished(long finish) {
    lastFinish = any ? Math.max(lastFinish, finish) : finish;
    any = true;
  }

  private static long[] counted(long[] seconds, int second, long count) {
    long[] grown =
        second < seconds.length
            ? seconds
            : Arrays.copyOf(seconds, Math.max(second + 1, 2 * seconds.length));
    grown[second] += count;
    return grown;
  }

  /// When the last operation finished, on the clock of `System.nanoTime`; `otherwise` where none
  /// did.
  long lastFinish(long otherwise) {
    return any ? lastFinish : otherwise;
  }

  /// Takes in another's notes.
  void add(Recorder other) {
    other.noted.forEach((operation, theirs) -> {
      Noted ours = noted.computeIfAbsent(operation, _ -> new Noted());
      ours.latency.add(theirs.latency);
      ours.bytes += theirs.bytes;
      ours.objects += theirs.objects;
      for (int i = 0; i < theirs.bySecond.length; i++) {
        ours.bySecond = counted(ours.bySecond, i, theirs.bySecond[i]);
      }
    });
    other.firstBytes.forEach(
        (operation, theirs) -> firstBytes.computeIfAbsent(operation, _ -> histogram()).add(theirs));
    other.errors.forEach((code, count) -> errors.merge(code, count, Long::sum));
    other.examples.forEach(examples::putIfAbsent);
    if (other.any) {
      finished(other.lastFinish);
    }
  }

  /// The sum of it.
  ///
  /// @param seconds how long was measured
  Measurement measurement(double seconds, CpuUse cpu) {
    Map<Operation, Figures> figures = new EnumMap<>(Operation.class);
    noted.forEach((operation, one) ->
        figures.put(
            operation,
            new Figures(
                one.latency.getTotalCount(),
                one.objects,
                one.bytes,
                Percentiles.of(one.latency),
                Percentiles.of(firstBytes.getOrDefault(operation, histogram())),
                PerSecond.of(one.bySecond, (int) seconds))));
    return new Measurement(seconds, figures, errors, examples, cpu);
  }
}
