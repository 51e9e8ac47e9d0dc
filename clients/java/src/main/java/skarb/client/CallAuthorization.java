package skarb.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// Puts credentials on each call, afresh at each attempt: a signature has a date.
final class CallAuthorization extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AMZ_DATE =
      Metadata.Key.of("x-amz-date", Metadata.ASCII_STRING_MARSHALLER);

  private final Credentials credentials;
  private final InstantSource clock;

  CallAuthorization(Credentials credentials, InstantSource clock) {
    this.credentials = credentials;
    this.clock = clock;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    Metadata metadata = new Metadata();
    try {
      put(metadata, call);
    } catch (RuntimeException e) { // the application's supplier of tokens
      applier.fail(Status.UNAUTHENTICATED.withDescription("there is no token").withCause(e));
      return;
    }
    applier.apply(metadata);
  }

  private void put(Metadata metadata, RequestInfo call) {
    if (credentials instanceof Credentials.Key key) {
      SigV4.Signature signature =
          SigV4.sign(
              key,
              call.getMethodDescriptor().getFullMethodName(),
              call.getAuthority(),
              clock.instant());
      metadata.put(AMZ_DATE, signature.amzDate());
      metadata.put(AUTHORIZATION, signature.authorization());
    } else if (credentials instanceof Credentials.Token token) {
      metadata.put(AUTHORIZATION, "Bearer " + token.current());
    }
  }
}
