package skarb.node.service;

import io.grpc.Context;
import io.grpc.Metadata;
import skarb.node.access.Authorizer;
import skarb.node.access.Caller;
import skarb.node.access.Caller.KeyCaller;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// What the interceptors leave for the services, and the names of metadata.
final class CallKeys {
  /// Who calls; not set for methods that want nobody.
  static final Context.Key<Caller> CALLER = Context.key("skarb-caller");

  /// The request's id.
  static final Context.Key<String> REQUEST_ID = Context.keyWithDefault("skarb-request-id", "");

  /// The request's id, in the headers or trailers of each answer.
  static final Metadata.Key<String> REQUEST_ID_METADATA =
      Metadata.Key.of("skarb-request-id", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<String> AMZ_DATE =
      Metadata.Key.of("x-amz-date", Metadata.ASCII_STRING_MARSHALLER);

  /// A serialised CallContext, from gateways.
  static final Metadata.Key<byte[]> CONTEXT =
      Metadata.Key.of("skarb-context-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private CallKeys() {}

  /// On whose behalf the call in progress touches objects and buckets.
  ///
  /// @throws NodeException ACCESS_DENIED for a caller who owns nothing
  static KeyCaller principal() {
    Caller caller = CALLER.get();
    if (caller == null) { // closed by default, whatever the interceptors did
      throw new NodeException(
          ErrorReason.ERROR_REASON_CREDENTIALS_MISSING, "the call has no credentials");
    }
    return Authorizer.requirePrincipal(caller);
  }
}
