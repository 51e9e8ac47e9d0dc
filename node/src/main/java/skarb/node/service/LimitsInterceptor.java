package skarb.node.service;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthGrpc;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Bounds the calls in flight: one more is OVERLOADED at once and waits for nothing.
///
/// Health has places of its own. Anybody may ask for it without credentials, and a watch lasts for
/// hours, so that in the common places strangers could keep everybody else out; and a node that is
/// full must still say that it lives. Watches and checks are apart for the same reason: whoever
/// takes all watches stops no probe.
final class LimitsInterceptor implements ServerInterceptor {
  private final Semaphore room;
  private final Semaphore healthChecks = new Semaphore(CallLimits.MAX_HEALTH_CALLS);
  private final Semaphore healthWatches = new Semaphore(CallLimits.MAX_HEALTH_CALLS);

  LimitsInterceptor(int maxCallsInFlight) {
    this.room = new Semaphore(maxCallsInFlight);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Semaphore places = placesFor(call.getMethodDescriptor());
    if (!places.tryAcquire()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_OVERLOADED, "too many calls at once: try again later");
    }
    Place place = new Place(places);
    try {
      return new ReleasingListener<>(place, next.startCall(call, headers));
    } catch (RuntimeException e) {
      place.release();
      throw e;
    }
  }

  private Semaphore placesFor(MethodDescriptor<?, ?> method) {
    if (!HealthGrpc.SERVICE_NAME.equals(method.getServiceName())) {
      return room;
    }
    return method.getType() == MethodDescriptor.MethodType.UNARY ? healthChecks : healthWatches;
  }

  /// A call's place, given back once.
  private static final class Place {
    private final Semaphore places;
    private final AtomicBoolean released = new AtomicBoolean();

    Place(Semaphore places) {
      this.places = places;
    }

    void release() {
      if (released.compareAndSet(false, true)) {
        places.release();
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
