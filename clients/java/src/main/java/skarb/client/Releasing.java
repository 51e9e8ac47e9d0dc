package skarb.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The future of a call that has something to let go of: a partial file, an upload in parts. One
/// that is cancelled is done at once, and lets go on other threads somewhat later.
final class Releasing<T extends @Nullable Object> extends CompletableFuture<T> {
  private static final long MOST_SECONDS = 5;

  private final CompletableFuture<@Nullable Void> released;

  Releasing() {
    this(new CompletableFuture<>());
  }

  private Releasing(CompletableFuture<@Nullable Void> released) {
    this.released = released;
  }

  /// One for what the value of a future becomes: nothing to let go of but what the other has.
  static <B extends @Nullable Object> CompletableFuture<B> after(CompletableFuture<?> source) {
    return source instanceof Releasing<?> known
        ? new Releasing<>(known.released)
        : new CompletableFuture<>();
  }

  /// Nothing is left to let go of.
  void release() {
    released.complete(null);
  }

  /// Waits for that, a few seconds at most, or until the thread is interrupted.
  void awaitRelease() {
    try {
      released.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // it is let go of later
    }
  }
}
