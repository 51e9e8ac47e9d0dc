package skarb.cli.wiring;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.InstantSource;
import skarb.client.Credentials;

/// Says on each call who makes it. Safe for any thread.
final class Authorization implements ClientInterceptor {
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
        credentials
            .metadata(
                method.getFullMethodName(), next.authority(), InstantSource.system().instant())
            .forEach((name, value) ->
                headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        super.start(listener, headers);
      }
    };
  }
}
