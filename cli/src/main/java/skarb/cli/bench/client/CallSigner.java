package skarb.cli.bench.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/// Signs each call with an access key, as docs/grpc.md has it. For one thread.
final class CallSigner implements ClientInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> DATE =
      Metadata.Key.of("x-amz-date", Metadata.ASCII_STRING_MARSHALLER);
  private static final String SIGNED_HEADERS = "host;x-amz-date";

  private final SigV4 signer;

  CallSigner(SigV4 signer) {
    this.signer = signer;
  }

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> method, CallOptions options, Channel next) {
    String date = signer.amzDate();
    String canonical =
        "POST\n/"
            + method.getFullMethodName()
            + "\n\nhost:"
            + next.authority()
            + "\nx-amz-date:"
            + date
            + "\n\n"
            + SIGNED_HEADERS
            + "\n"
            + SigV4.UNSIGNED;
    String authorization = signer.authorization(canonical, SIGNED_HEADERS);
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<B> listener, Metadata headers) {
        headers.put(DATE, date);
        headers.put(AUTHORIZATION, authorization);
        super.start(listener, headers);
      }
    };
  }
}
