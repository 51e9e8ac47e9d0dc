package skarb.node.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.v1.ErrorReason;

/// Ends calls that take too long, so that none holds its place for ever: a unary call at its
/// deadline, a stream that stands still for the idle limit or has reached the greatest age. A
/// stream moves when a message comes or goes; while its handler is at work it does not stand still.
///
/// A call that is ended so is closed with REQUEST_TIMEOUT and its context is cancelled, which is
/// what its handler watches.
final class DeadlineInterceptor implements ServerInterceptor {
  /// Stands still by its nature, and holds no place that others want.
  private static final String HEALTH_WATCH = "grpc.health.v1.Health/Watch";

  private final Seams seams;
  private final CallLimits limits;

  DeadlineInterceptor(Seams seams, CallLimits limits) {
    this.seams = seams;
    this.limits = limits;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Context.CancellableContext context = Context.current().withCancellation();
    boolean unary = call.getMethodDescriptor().getType() == MethodType.UNARY;
    String method = call.getMethodDescriptor().getFullMethodName();
    Watch watch =
        unary
            ? new Watch(call, context, unaryDeadline(), unaryDeadline())
            : new Watch(
                call,
                context,
                method.equals(HEALTH_WATCH) ? limits.maxStreamAge() : limits.idleLimit(),
                limits.maxStreamAge());
    watch.start();
    try {
      return new WatchedListener<>(
          watch, Contexts.interceptCall(context, new WatchedCall<>(watch, call), headers, next));
    } catch (RuntimeException e) {
      watch.stop();
      throw e;
    }
  }

  /// gRPC itself ends a call at the deadline that its caller set.
  private Duration unaryDeadline() {
    Deadline set = Context.current().getDeadline();
    return set == null ? limits.defaultDeadline() : limits.maxDeadline();
  }

  /// Looks after one call.
  private final class Watch {
    private final ServerCall<?, ?> call;
    private final Context.CancellableContext context;
    private final long idleNanos;
    private final long ageNanos;
    private final long startNanos = seams.nanoTime().getAsLong();
    private final AtomicLong movedNanos = new AtomicLong(startNanos);
    private final AtomicReference<@Nullable Future<?>> tick = new AtomicReference<>();
    private volatile boolean busy;
    private volatile boolean ended;

    Watch(ServerCall<?, ?> call, Context.CancellableContext context, Duration idle, Duration age) {
      this.call = call;
      this.context = context;
      this.idleNanos = idle.toNanos();
      this.ageNanos = age.toNanos();
    }

    void start() {
      tickAfter(Math.min(idleNanos, ageNanos));
    }

    private void tickAfter(long nanos) {
      tick.set(seams.timer().schedule(this::look, nanos, TimeUnit.NANOSECONDS));
      if (ended) {
        cancelTick();
      }
    }

    private void look() {
      if (ended) {
        return;
      }
      long now = seams.nanoTime().getAsLong();
      if (busy) {
        movedNanos.set(now);
      }
      long ageLeft = ageNanos - (now - startNanos);
      long idleLeft = idleNanos - (now - movedNanos.get());
      if (ageLeft <= 0 || (idleLeft <= 0 && !busy)) {
        end(
            new NodeException(
                ErrorReason.ERROR_REASON_REQUEST_TIMEOUT,
                ageLeft <= 0 ? "the call took too long" : "nothing moved for too long"));
      } else {
        tickAfter(Math.max(1, Math.min(ageLeft, idleLeft)));
      }
    }

    private void end(NodeException reason) {
      call.close(Status.DEADLINE_EXCEEDED.withCause(reason), new Metadata());
      stop();
    }

    void stop() {
      ended = true;
      cancelTick();
      context.cancel(null);
    }

    private void cancelTick() {
      Future<?> waiting = tick.get();
      if (waiting != null) {
        waiting.cancel(false);
      }
    }

    void moved() {
      movedNanos.set(seams.nanoTime().getAsLong());
    }

    void working(boolean isBusy) {
      moved();
      busy = isBusy;
    }
  }

  private static final class WatchedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Watch watch;

    WatchedCall(Watch watch, ServerCall<Q, A> call) {
      super(call);
      this.watch = watch;
    }

    @Override
    public void sendMessage(A message) {
      watch.moved();
      super.sendMessage(message);
    }
  }

  private static final class WatchedListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Watch watch;

    WatchedListener(Watch watch, ServerCall.Listener<Q> listener) {
      super(listener);
      this.watch = watch;
    }

    @Override
    public void onMessage(Q message) {
      watch.working(true);
      try {
        super.onMessage(message);
      } finally {
        watch.working(false);
      }
    }

    @Override
    public void onHalfClose() {
      watch.working(true);
      try {
        super.onHalfClose();
      } finally {
        watch.working(false);
      }
    }

    @Override
    public void onCancel() {
      watch.stop();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      watch.stop();
      super.onComplete();
    }
  }
}
