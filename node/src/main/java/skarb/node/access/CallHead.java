package skarb.node.access;

import com.google.protobuf.ByteString;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import skarb.v1.CallContext;

/// What is known of a call before its first message.
///
/// @param method the full name, `skarb.v1.Objects/Get`
/// @param transport the way it came in
/// @param local whether it came from this machine: from loopback, or from the very address that it
///   came to
/// @param authority the host and port that the caller named
/// @param authorization the metadata `authorization`
/// @param amzDate the metadata `x-amz-date`
/// @param context what a gateway passes on
/// @param contextBytes the same as it came
/// @param certificates what the caller showed to the peers' listener, its own first; empty
///   elsewhere
public record CallHead(
    String method,
    TransportIdentity transport,
    boolean local,
    String authority,
    Optional<String> authorization,
    Optional<String> amzDate,
    Optional<CallContext> context,
    Optional<ByteString> contextBytes,
    List<X509Certificate> certificates) {
  public CallHead {
    certificates = List.copyOf(certificates);
  }

  /// Of a call that does not come to the peers' listener.
  public CallHead(
      String method,
      TransportIdentity transport,
      boolean local,
      String authority,
      Optional<String> authorization,
      Optional<String> amzDate,
      Optional<CallContext> context) {
    this(
        method,
        transport,
        local,
        authority,
        authorization,
        amzDate,
        context,
        context.map(CallContext::toByteString),
        List.of());
  }

  @Override
  public String toString() { // the authorization is as good as a secret while it is fresh
    return "CallHead[" + method + ", " + transport + "]";
  }
}
