package skarb.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The channel to a node and what all calls on it share. Safe for any thread.
final class Connection implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final ManagedChannel channel;
  private final CallOptions options;
  private final ClientConfig config;
  private final ScheduledThreadPoolExecutor timer;
  private final Retries retries;
  private volatile boolean closed;

  Connection(ManagedChannel channel, CallAuthorization authorization, ClientConfig config) {
    this.channel = channel;
    this.options = CallOptions.DEFAULT.withCallCredentials(authorization);
    this.config = config;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "skarb-client-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.retries =
        new Retries(
            new RetryPolicy(
                config.maxAttempts(),
                config.firstPause(),
                config.longestPause(),
                // not ThreadLocalRandom.current(), which is that of the thread that connects
                (java.util.random.RandomGenerator) () -> ThreadLocalRandom.current().nextLong()),
            timer);
  }

  ClientConfig config() {
    return config;
  }

  Retries retries() {
    return retries;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  /// A call, not started. The deadline is that of the whole operation.
  ///
  /// @throws SkarbException CLIENT_CLOSED once the client is closed
  <Q, A> ClientCall<Q, A> call(MethodDescriptor<Q, A> method, @Nullable Deadline deadline) {
    if (closed) {
      throw Failures.closed();
    }
    return channel.newCall(method, deadline == null ? options : options.withDeadline(deadline));
  }

  /// One question, one answer, as often as the protocol lets it be asked.
  <Q, A> CompletableFuture<A> ask(MethodDescriptor<Q, A> method, Q request, Deadline deadline) {
    return ask(method, request, deadline, Repeat.of(method));
  }

  /// One question, one answer.
  <Q, A> CompletableFuture<A> ask(
      MethodDescriptor<Q, A> method, Q request, Deadline deadline, Repeat repeat) {
    return run(() -> repeat, deadline, () -> UnaryCall.start(call(method, deadline), request));
  }

  /// Attempts of one operation.
  <T> CompletableFuture<T> run(
      Supplier<Repeat> repeat,
      @Nullable Deadline deadline,
      Supplier<CompletableFuture<T>> attempt) {
    return retries.run(repeat, deadline, attempt);
  }

  /// Lets calls in flight end for a few seconds, and cuts off the rest.
  @Override
  public void close() {
    closed = true;
    retries.close();
    channel.shutdown();
    try {
      if (!channel.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
        channel.shutdownNow();
      }
    } catch (InterruptedException e) {
      channel.shutdownNow();
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
    retries.close(); // pauses that began since
  }
}
