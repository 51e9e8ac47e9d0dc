package skarb.cli.bench.load;

/// Takes what a load's operations were, as long as the window is open.
final class Notes {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final Window window;
  private final Recorder recorder;

  Notes(Window window, Recorder recorder) {
    this.window = window;
    this.recorder = recorder;
  }

  /// An operation that ends now.
  ///
  /// @param start on the clock of `System.nanoTime`
  void success(Operation operation, long start, long bytes, long objects) {
    success(operation, start, bytes, objects, -1);
  }

  /// An operation that ends now, and whose answer began to come after so long.
  void success(Operation operation, long start, long bytes, long objects, long firstByteNanos) {
    long now = System.nanoTime();
    if (window.holds(now)) {
      int second = (int) ((now - window.start()) / NANOS_PER_SECOND);
      recorder.success(operation, second, now, now - start, bytes, objects, firstByteNanos);
    }
  }
}
