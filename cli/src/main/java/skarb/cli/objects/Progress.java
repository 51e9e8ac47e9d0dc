package skarb.cli.objects;

import java.io.Console;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/// How far copies are: a bar on a terminal, nothing elsewhere. Safe for any thread.
final class Progress implements AutoCloseable {
  private static final int REDRAW_MILLIS = 250;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /// A bar where a person looks, and standard output is not what is copied to.
  static Progress onTerminal() {
    if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName("copying")
            .setInitialMax(0)
            .setUnit(" MiB", 1 << 20)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .showSpeed()
            .clearDisplayOnFinish()
            .build());
  }

  /// So many bytes more are to come.
  void expect(long bytes) {
    ProgressBar shown = bar;
    if (shown != null && bytes > 0) {
      synchronized (this) {
        shown.maxHint(Math.max(0, shown.getMax()) + bytes);
      }
    }
  }

  /// So many bytes went or came.
  void moved(long bytes) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.stepBy(bytes);
    }
  }

  @Override
  public void close() {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.close();
    }
  }
}
