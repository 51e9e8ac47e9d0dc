package skarb.node.service;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Bounds the calls in flight: one more is OVERLOADED at once and waits for nothing.
final class LimitsInterceptor implements ServerInterceptor {
  private final Semaphore room;

  LimitsInterceptor(int maxCallsInFlight) {
    this.room = new Semaphore(maxCallsInFlight);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!room.tryAcquire()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_OVERLOADED, "too many calls at once: try again later");
    }
    Place place = new Place();
    try {
      return new ReleasingListener<>(place, next.startCall(call, headers));
    } catch (RuntimeException e) {
      place.release();
      throw e;
    }
  }

  /// A call's place, given back once.
  private final class Place {
    private final AtomicBoolean released = new AtomicBoolean();

    void release() {
      if (released.compareAndSet(false, true)) {
        room.release();
      }
    }
  }

  private static final class ReleasingListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Place place;

    ReleasingListener(Place place, ServerCall.Listener<Q> listener) {
      super(listener);
      this.place = place;
    }

    @Override
    public void onCancel() {
      place.release();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      place.release();
      super.onComplete();
    }
  }
}
