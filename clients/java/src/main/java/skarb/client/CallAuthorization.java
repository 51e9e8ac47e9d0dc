package skarb.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// Puts credentials on each call, afresh at each attempt: a signature has a date.
final class CallAuthorization extends CallCredentials {
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
    credentials
        .metadata(
            call.getMethodDescriptor().getFullMethodName(), call.getAuthority(), clock.instant())
        .forEach((name, value) ->
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
  }
}
