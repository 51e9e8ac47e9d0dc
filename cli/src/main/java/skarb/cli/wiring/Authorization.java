package skarb.cli.wiring;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import skarb.client.Credentials;

/// Says on each call who makes it. Safe for any thread.
final class Authorization implements ClientInterceptor {
  /// Whom a gateway speaks for: signed as well, so put before this comes.
  private static final Metadata.Key<byte[]> CONTEXT =
      Metadata.Key.of("skarb-context-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final Credentials credentials;

  Authorization(Credentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<B> listener, Metadata headers) {
        metadata(method.getFullMethodName(), next.authority(), headers.get(CONTEXT))
            .forEach((name, value) ->
                headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        super.start(listener, headers);
      }
    };
  }

  private Map<String, String> metadata(String method, String authority, byte @Nullable [] context) {
    Instant now = InstantSource.system().instant();
    return context == null
        ? credentials.metadata(method, authority, now)
        : credentials.metadata(method, authority, context, now);
  }
}
