package skarb.testkit.net;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import skarb.testkit.time.VirtualTime;

/// A line between a client and a server that takes its time, stalls and breaks.
///
/// - *Delay.* Each message comes some virtual time after it was sent, never before one sent
///   earlier: a stream cannot reorder.
/// - *Stall.* What is sent in a direction waits, unseen by its sender, until the stall ends or the
///   line is cut: a partition of one direction.
/// - *Cut.* All calls end. What was under way is lost; the two ends learn of it at different times,
///   some seconds apart at most. New calls fail until the line is whole again.
///
/// Deadlines of calls run in the virtual time, to the tenth of a second. Safe for use by many
/// threads.
public final class SimulatedLink {
  private static final long DEADLINE_STEP_MILLIS = 100;

  private final VirtualTime time;
  private final ScheduledExecutorService timer;
  private final RandomGenerator random;
  private final long minDelayNanos;
  private final long maxDelayNanos;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile BiConsumer<Direction, Object> observer = (direction, message) -> {};

  // Guarded by the lock.
  private final Set<LinkCall<?, ?>> calls = new LinkedHashSet<>();
  private final Set<Direction> stalled = EnumSet.noneOf(Direction.class);
  private boolean cut;

  /// Where messages go.
  public enum Direction {
    TO_SERVER,
    TO_CLIENT
  }

  /// @param timer of `time`
  /// @param maxDelay bounds the time of one message
  public SimulatedLink(
      VirtualTime time,
      ScheduledExecutorService timer,
      RandomGenerator random,
      Duration minDelay,
      Duration maxDelay) {
    this.time = time;
    this.timer = timer;
    this.random = random;
    this.minDelayNanos = minDelay.toNanos();
    this.maxDelayNanos = maxDelay.toNanos();
  }

  /// A channel over the line.
  ///
  /// @param server the channel to the server as it is now; null while it is down
  public Channel to(Supplier<@Nullable Channel> server) {
    return new Channel() {
      @Override
      public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return new LinkCall<>(server, method, inVirtualTime(options));
      }

      @Override
      public String authority() {
        return "simulated";
      }
    };
  }

  private CallOptions inVirtualTime(CallOptions options) {
    Deadline deadline = options.getDeadline();
    if (deadline == null) {
      return options;
    }
    long steps = deadline.timeRemaining(TimeUnit.MILLISECONDS) / DEADLINE_STEP_MILLIS + 1;
    return options.withDeadline(
        Deadline.after(
            steps * DEADLINE_STEP_MILLIS,
            TimeUnit.MILLISECONDS,
            new Deadline.Ticker() {
              @Override
              public long nanoTime() {
                return time.nanoTime();
              }
            }));
  }

  /// Is told of every message that comes through, on the thread that delivers it.
  public void observe(BiConsumer<Direction, Object> observer) {
    this.observer = observer;
  }

  /// Breaks the line and every call over it.
  public void cut() {
    List<LinkCall<?, ?>> broken;
    lock.lock();
    try {
      cut = true;
      stalled.clear();
      broken = new ArrayList<>(calls);
      calls.clear();
    } finally {
      lock.unlock();
    }
    broken.forEach(LinkCall::breakDown);
  }

  /// Makes the line whole, for new calls.
  public void mend() {
    lock.lock();
    try {
      cut = false;
    } finally {
      lock.unlock();
    }
    flow();
  }

  /// Lets nothing through in a direction.
  public void stall(Direction direction) {
    lock.lock();
    try {
      stalled.add(direction);
    } finally {
      lock.unlock();
    }
  }

  /// Ends all stalls.
  public void flow() {
    List<LinkCall<?, ?>> waiting;
    lock.lock();
    try {
      stalled.clear();
      waiting = new ArrayList<>(calls);
    } finally {
      lock.unlock();
    }
    waiting.forEach(LinkCall::flow);
  }

  boolean isStalled(Direction direction) {
    lock.lock();
    try {
      return stalled.contains(direction);
    } finally {
      lock.unlock();
    }
  }

  long delayNanos() {
    return random.nextLong(minDelayNanos, maxDelayNanos + 1);
  }

  VirtualTime time() {
    return time;
  }

  void later(long nanos, Runnable task) {
    var _ = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private boolean join(LinkCall<?, ?> call) {
    lock.lock();
    try {
      return !cut && calls.add(call);
    } finally {
      lock.unlock();
    }
  }

  private void leave(LinkCall<?, ?> call) {
    lock.lock();
    try {
      calls.remove(call);
    } finally {
      lock.unlock();
    }
  }

  /// One call over the line.
  private final class LinkCall<Q, A> extends ClientCall<Q, A> {
    private static final int MOST_UNDER_WAY = 4;
    private static final long LATEST_NEWS_NANOS = 5_000_000_000L;

    private final Supplier<@Nullable Channel> server;
    private final MethodDescriptor<Q, A> method;
    private final CallOptions options;
    private final Pipe toServer = new Pipe(SimulatedLink.this, Direction.TO_SERVER);
    private final Pipe toClient = new Pipe(SimulatedLink.this, Direction.TO_CLIENT);
    private volatile @Nullable ClientCall<Q, A> call;
    private volatile @Nullable Listener<A> listener;

    LinkCall(
        Supplier<@Nullable Channel> server, MethodDescriptor<Q, A> method, CallOptions options) {
      this.server = server;
      this.method = method;
      this.options = options;
    }

    @Override
    public void start(Listener<A> client, Metadata headers) {
      listener = client;
      Channel channel = server.get();
      if (channel == null || !join(this)) {
        endClient("the line is cut");
        return;
      }
      ClientCall<Q, A> begun = channel.newCall(method, options.withExecutor(Runnable::run));
      call = begun;
      begun.start(new Incoming(client), headers);
    }

    @Override
    public void request(int messages) {
      ClientCall<Q, A> begun = call;
      if (begun != null) {
        begun.request(messages);
      }
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      leave(this);
      toServer.close(null);
      ClientCall<Q, A> begun = call;
      if (begun != null) {
        begun.cancel(message, cause);
      }
    }

    @Override
    public void halfClose() {
      ClientCall<Q, A> begun = call;
      if (begun != null) {
        toServer.add(begun::halfClose);
      }
    }

    @Override
    public void sendMessage(Q message) {
      ClientCall<Q, A> begun = call;
      if (begun != null) {
        toServer.add(() -> {
          observer.accept(Direction.TO_SERVER, message);
          begun.sendMessage(message);
          Listener<A> client = listener;
          if (client != null && begun.isReady()) {
            toClient.add(() -> tell(client::onReady));
          }
        });
      }
    }

    @Override
    public boolean isReady() {
      ClientCall<Q, A> begun = call;
      return begun != null && begun.isReady() && toServer.size() < MOST_UNDER_WAY;
    }

    void flow() {
      toServer.schedule();
      toClient.schedule();
    }

    /// The line broke: one end learns of it now, the other perhaps later.
    void breakDown() {
      toServer.close(null);
      toClient.close(null);
      long late = random.nextLong(LATEST_NEWS_NANOS);
      boolean clientFirst = random.nextBoolean();
      later(clientFirst ? 0 : late, () -> endClient("the line was cut"));
      later(clientFirst ? late : 0, this::endServer);
    }

    private void endClient(String why) {
      Listener<A> client = listener;
      if (client != null) {
        toClient.close(() ->
            tell(() -> client.onClose(Status.UNAVAILABLE.withDescription(why), new Metadata())));
      }
    }

    /// On the thread on which the client wants to hear it: blocking stubs have one.
    private void tell(Runnable news) {
      Executor executor = options.getExecutor();
      if (executor == null) {
        news.run();
      } else {
        executor.execute(news);
      }
    }

    private void endServer() {
      ClientCall<Q, A> begun = call;
      if (begun != null) {
        begun.cancel("the line was cut", null);
      }
    }

    /// What the server says.
    private final class Incoming extends Listener<A> {
      private final Listener<A> client;

      Incoming(Listener<A> client) {
        this.client = client;
      }

      @Override
      public void onHeaders(Metadata headers) {
        toClient.add(() -> tell(() -> client.onHeaders(headers)));
      }

      @Override
      public void onMessage(A message) {
        toClient.add(() -> {
          observer.accept(Direction.TO_CLIENT, message);
          tell(() -> client.onMessage(message));
        });
      }

      @Override
      public void onClose(Status status, Metadata trailers) {
        toClient.add(() -> {
          leave(LinkCall.this);
          toClient.close(() -> tell(() -> client.onClose(status, trailers)));
        });
      }

      @Override
      public void onReady() {
        toClient.add(() -> tell(client::onReady));
      }
    }
  }
}
