package skarb.client;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tries again what failed and may be tried again. Safe for any thread.
final class Retries {
  private static final Logger LOG = LoggerFactory.getLogger(Retries.class);

  private final RetryPolicy policy;
  private final ScheduledExecutorService timer;
  private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

  Retries(RetryPolicy policy, ScheduledExecutorService timer) {
    this.policy = policy;
    this.timer = timer;
  }

  /// Runs attempts until one succeeds or no other may follow.
  ///
  /// @param repeat asked after each failure
  /// @param deadline no attempt begins after it
  <T> CompletableFuture<T> run(
      Supplier<Repeat> repeat,
      @Nullable Deadline deadline,
      Supplier<CompletableFuture<T>> attempt) {
    Run<T> run = new Run<>(repeat, deadline, attempt);
    run.next();
    return run.result;
  }

  /// Runs something after a pause, unless the failure that led to it is final.
  ///
  /// @param attempts how many there were
  /// @return whether it will run
  boolean later(
      Repeat repeat,
      @Nullable Deadline deadline,
      SkarbException failure,
      int attempts,
      Runnable next) {
    if (!policy.mayTryAgain(repeat, failure, attempts)) {
      return false;
    }
    Duration pause = policy.pauseAfter(attempts);
    if (deadline != null && deadline.timeRemaining(TimeUnit.NANOSECONDS) <= pause.toNanos()) {
      return false;
    }
    LOG.debug("attempt {} failed, the next in {}: {}", attempts, pause, failure.getMessage());
    Pending task = new Pending(next);
    pending.add(task);
    try {
      ScheduledFuture<?> unused = timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (RejectedExecutionException e) { // the client was closed
      return !pending.remove(task); // unless close() runs it
    }
  }

  /// Ends all pauses: the attempts after them are made now, and told that the client is closed.
  void close() {
    for (Pending task : List.copyOf(pending)) {
      task.run();
    }
  }

  /// An attempt after a pause, run once: by the timer or by [#close].
  private final class Pending implements Runnable {
    private final Runnable next;

    Pending(Runnable next) {
      this.next = next;
    }

    @Override
    public void run() {
      if (pending.remove(this)) {
        next.run();
      }
    }
  }

  private final class Run<T> {
    private final Supplier<Repeat> repeat;
    private final @Nullable Deadline deadline;
    private final Supplier<CompletableFuture<T>> attempt;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private int attempts;

    Run(
        Supplier<Repeat> repeat,
        @Nullable Deadline deadline,
        Supplier<CompletableFuture<T>> attempt) {
      this.repeat = repeat;
      this.deadline = deadline;
      this.attempt = attempt;
    }

    /// One attempt after the other: each is begun by the end of the one before.
    private void next() {
      if (result.isDone()) {
        return;
      }
      attempts++;
      CompletableFuture<T> current;
      try {
        current = attempt.get();
      } catch (RuntimeException e) {
        result.completeExceptionally(e);
        return;
      }
      Futures.onCancel(result, () -> current.cancel(true));
      CompletableFuture<T> unused =
          current.whenComplete((value, failure) -> {
            if (failure == null) {
              result.complete(value);
            } else {
              failed(Futures.unwrapped(failure));
            }
          });
    }

    private void failed(Throwable failure) {
      if (failure instanceof SkarbException known
          && !result.isDone()
          && later(repeat.get(), deadline, known, attempts, this::next)) {
        return;
      }
      result.completeExceptionally(failure);
    }
  }
}
