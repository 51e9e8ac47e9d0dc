package skarb.node.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import skarb.node.access.TransportIdentity;
import skarb.node.model.NodeException;
import skarb.v1.CallContext;

/// The outermost interceptor: gives each call its request id, and turns whatever is thrown within
/// into a status. The id is the one that a gateway passes on, else 16 random hex digits; it goes
/// back in the answer's metadata.
final class ErrorInterceptor implements ServerInterceptor {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final TransportIdentity transport;
  private final RandomGenerator random;

  ErrorInterceptor(TransportIdentity transport, RandomGenerator random) {
    this.transport = transport;
    this.random = random;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String requestId = requestId(headers);
    GuardedCall<Q, A> guarded = new GuardedCall<>(call, requestId);
    Context context = Context.current().withValue(CallKeys.REQUEST_ID, requestId);
    try {
      return new FailureListener<>(
          guarded, Contexts.interceptCall(context, guarded, headers, next));
    } catch (RuntimeException e) {
      guarded.fail(e);
      return new ServerCall.Listener<>() {};
    }
  }

  private String requestId(Metadata headers) {
    if (transport == TransportIdentity.GATEWAY) {
      String passedOn = passedOn(headers);
      if (REQUEST_ID.matcher(passedOn).matches()) {
        return passedOn;
      }
    }
    return HexFormat.of().toHexDigits(random.nextLong()).toUpperCase(Locale.ROOT);
  }

  /// A context that cannot be read is refused further in.
  private static String passedOn(Metadata headers) {
    try {
      return CallHeads.context(headers).map(CallContext::getRequestId).orElse("");
    } catch (NodeException e) {
      return "";
    }
  }

  /// Closes the call with what its handler throws.
  private static final class FailureListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final GuardedCall<Q, ?> call;

    FailureListener(GuardedCall<Q, ?> call, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      try {
        super.onMessage(message);
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }

    @Override
    public void onHalfClose() {
      try {
        super.onHalfClose();
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }

    @Override
    public void onReady() {
      try {
        super.onReady();
      } catch (RuntimeException e) {
        call.fail(e);
      }
    }
  }
}
