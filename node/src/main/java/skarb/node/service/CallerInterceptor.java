package skarb.node.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import skarb.node.access.Authorizer;
import skarb.node.access.CallHead;
import skarb.node.access.Caller;
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
    return Contexts.interceptCall(context, call, headers, next);
  }
}
