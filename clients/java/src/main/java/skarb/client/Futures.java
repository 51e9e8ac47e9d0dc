package skarb.client;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Futures that cancel what they came from, and waiting for them.
final class Futures {
  private Futures() {}

  /// What a future's value becomes. Cancelling the result cancels the source.
  static <A, B> CompletableFuture<B> map(
      CompletableFuture<A> source, Function<? super A, ? extends B> function) {
    CompletableFuture<B> result = Releasing.after(source);
    CompletableFuture<A> unusedSource =
        source.whenComplete((value, failure) -> {
          if (failure != null) {
            result.completeExceptionally(unwrapped(failure));
            return;
          }
          try {
            result.complete(function.apply(value));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    onCancel(result, () -> source.cancel(true));
    return result;
  }

  /// The end of a future whose value is nothing to the caller.
  static CompletableFuture<@Nullable Void> toVoid(CompletableFuture<?> source) {
    CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    CompletableFuture<?> unusedSource =
        source.whenComplete((value, failure) -> {
          if (failure == null) {
            result.complete(null);
          } else {
            result.completeExceptionally(unwrapped(failure));
          }
        });
    onCancel(result, () -> source.cancel(true));
    return result;
  }

  /// Runs something where a future is cancelled.
  static void onCancel(CompletableFuture<?> future, Runnable action) {
    CompletableFuture<?> unused =
        future.whenComplete((value, failure) -> {
          if (future.isCancelled()) {
            action.run();
          }
        });
  }

  /// The failure itself, where a stage wrapped it.
  static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /// Waits for a call that touches nothing local. An interrupt cancels it.
  static <T extends @Nullable Object> T await(CompletableFuture<T> future) {
    try {
      return awaitWithIo(future);
    } catch (IOException e) {
      throw new IllegalStateException("a call without local files failed on one", e);
    }
  }

  /// Waits for a call. An interrupt cancels it and is kept; what the call held is let go of, or
  /// some seconds have passed, when this fails.
  ///
  /// @throws IOException where a file or the caller's stream failed
  static <T extends @Nullable Object> T awaitWithIo(CompletableFuture<T> future)
      throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      if (future instanceof Releasing<T> holding) {
        holding.awaitRelease();
      }
      Thread.currentThread().interrupt();
      throw SkarbException.of(
          SkarbException.Details.local(
                  Reason.CANCELLED, StatusCode.CANCELLED, "interrupted while waiting")
              .withCause(e));
    } catch (CancellationException e) {
      throw SkarbException.of(
          SkarbException.Details.local(Reason.CANCELLED, StatusCode.CANCELLED, "cancelled")
              .withCause(e));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : unwrapped(e.getCause());
      if (cause instanceof SkarbException failure) {
        throw failure.seenFromHere();
      }
      if (cause instanceof IOException io) {
        throw new IOException(io.getMessage(), io);
      }
      if (cause instanceof Error error) {
        throw error;
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException(cause);
    }
  }
}
