package skarb.client;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A call with one request and one answer. gRPC calls one method of it at a time.
final class UnaryCall<A> extends ClientCall.Listener<A> {
  private final CompletableFuture<A> result = new CompletableFuture<>();
  private @Nullable String requestId;
  private @Nullable A answer;

  private UnaryCall() {}

  /// Sends the request. Cancelling the future cancels the call.
  static <Q, A> CompletableFuture<A> start(ClientCall<Q, A> call, Q request) {
    UnaryCall<A> listener = new UnaryCall<>();
    call.start(listener, new Metadata());
    call.request(2); // a second answer would be an error, and is seen as one
    call.sendMessage(request);
    call.halfClose();
    Futures.onCancel(listener.result, () -> call.cancel("cancelled by the caller", null));
    return listener.result;
  }

  @Override
  public void onHeaders(Metadata headers) {
    requestId = headers.get(Failures.REQUEST_ID);
  }

  @Override
  public void onMessage(A message) {
    answer = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    A answered = answer;
    if (!status.isOk()) {
      result.completeExceptionally(Failures.of(status, trailers, requestId));
    } else if (answered == null) {
      result.completeExceptionally(Failures.damaged("the call succeeded without an answer"));
    } else {
      result.complete(answered);
    }
  }
}
