package skarb.node.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import skarb.node.access.CallHead;
import skarb.node.access.TransportIdentity;
import skarb.node.model.NodeException;
import skarb.v1.CallContext;
import skarb.v1.ErrorReason;

/// Reads the head of a call from what gRPC has of it.
final class CallHeads {
  private CallHeads() {}

  /// @throws NodeException CREDENTIALS_MALFORMED where something is there twice or cannot be read
  static CallHead of(ServerCall<?, ?> call, Metadata headers, TransportIdentity transport) {
    String authority = call.getAuthority();
    Optional<byte[]> context = single(headers, CallKeys.CONTEXT);
    return new CallHead(
        call.getMethodDescriptor().getFullMethodName(),
        transport,
        switch (transport) {
          case GATEWAY, OPERATOR -> true;
          case NETWORK -> isFromHere(call);
          case PEER -> false;
        },
        authority == null ? "" : authority,
        single(headers, CallKeys.AUTHORIZATION),
        single(headers, CallKeys.AMZ_DATE),
        context.map(CallHeads::parsed),
        context.map(ByteString::copyFrom),
        transport == TransportIdentity.PEER ? certificates(call) : List.of());
  }

  /// What TLS saw of the caller: he has the key of the first.
  private static List<X509Certificate> certificates(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return List.of();
    }
    try {
      return Arrays.stream(session.getPeerCertificates())
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }

  /// What a gateway passes on.
  ///
  /// @throws NodeException CREDENTIALS_MALFORMED where it is there twice or cannot be read
  static Optional<CallContext> context(Metadata headers) {
    return single(headers, CallKeys.CONTEXT).map(CallHeads::parsed);
  }

  private static CallContext parsed(byte[] bytes) {
    try {
      return CallContext.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw malformed("skarb-context-bin cannot be read");
    }
  }

  /// Two values are a way to have two readers believe two things.
  private static <T> Optional<T> single(Metadata headers, Metadata.Key<T> key) {
    Iterable<T> values = headers.getAll(key);
    if (values == null) {
      return Optional.empty();
    }
    Iterator<T> each = values.iterator();
    T first = each.next();
    if (each.hasNext()) {
      throw malformed(key.name() + " is there more than once");
    }
    return Optional.of(first);
  }

  /// From loopback, or from the very address that the connection came to: this machine talking to
  /// itself, as it must where the listener has an address off loopback. Nobody else can have a
  /// connection from there, since the answers to this machine's own address never leave it.
  private static boolean isFromHere(ServerCall<?, ?> call) {
    InetAddress remote = host(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
    if (remote == null) {
      return false;
    }
    return remote.isLoopbackAddress()
        || remote.equals(host(call.getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR)));
  }

  private static @Nullable InetAddress host(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  private static NodeException malformed(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, message);
  }
}
