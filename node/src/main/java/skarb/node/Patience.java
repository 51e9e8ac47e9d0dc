package skarb.node;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// How often to look again for what another process will have done in a moment. Safe for many
/// threads.
///
/// @param pauses looks after the first, at most
/// @param pause lets time pass before each of them
public record Patience(int pauses, Pause pause) {
  private static final int PAUSES = 50;
  private static final Duration EACH = Duration.ofMillis(100);

  /// Lets time pass.
  public interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  /// Whether it has come about.
  interface Look<T> {
    /// @return empty where it is worth looking again
    Optional<T> look() throws IOException;
  }

  /// Five seconds: longer than another process looks, or needs between its lock and its address.
  public static Patience standard(Pause pause) {
    return new Patience(PAUSES, pause);
  }

  /// The same by a timer.
  static Patience standard(ScheduledExecutorService timer) {
    return standard(time -> {
      try {
        var _ = timer.schedule(() -> {}, time.toMillis(), TimeUnit.MILLISECONDS).get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("nothing failed", e);
      }
    });
  }

  /// Looks until there is something.
  ///
  /// @return empty where the last look found nothing either, or the thread was interrupted
  <T> Optional<T> until(Look<T> look) throws IOException {
    Optional<T> seen = look.look();
    for (int again = 0; seen.isEmpty() && again < pauses; again++) {
      try {
        pause.pause(EACH);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return seen;
      }
      seen = look.look();
    }
    return seen;
  }
}
