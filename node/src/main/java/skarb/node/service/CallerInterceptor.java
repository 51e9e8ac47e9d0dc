package skarb.node.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import skarb.node.access.Authorizer;
import skarb.node.access.CallHead;
import skarb.node.access.Caller;
import skarb.node.access.Caller.SiteCaller;
import skarb.node.access.TransportIdentity;

/// Lets a call in or refuses it, before any service sees it: every method of every service passes
/// here, and what [Authorizer] does not open is closed. Credentials go no further.
final class CallerInterceptor implements ServerInterceptor {
  private final Authorizer authorizer;
  private final TransportIdentity transport;

  CallerInterceptor(Authorizer authorizer, TransportIdentity transport) {
    this.authorizer = authorizer;
    this.transport = transport;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    CallHead head = CallHeads.of(call, headers, transport);
    Optional<Caller> caller = authorizer.admit(head);
    headers.discardAll(CallKeys.AUTHORIZATION);
    if (caller.isEmpty()) {
      return next.startCall(call, headers);
    }
    Context context = Context.current().withValue(CallKeys.CALLER, caller.get());
    return caller.get() instanceof SiteCaller site
        ? watched(site, context, call, headers, next)
        : Contexts.interceptCall(context, call, headers, next);
  }

  /// Streams between sites last for hours: a site that leaves meanwhile is out with the next
  /// message, whichever way it goes.
  private <Q, A> ServerCall.Listener<Q> watched(
      SiteCaller site,
      Context context,
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next) {
    ServerCall<Q, A> outgoing =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendMessage(A message) {
            authorizer.mustStillBe(site);
            super.sendMessage(message);
          }
        };
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(context, outgoing, headers, next)) {
      @Override
      public void onMessage(Q message) {
        authorizer.mustStillBe(site);
        super.onMessage(message);
      }
    };
  }
}
