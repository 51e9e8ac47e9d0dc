package skarb.node.service;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import skarb.node.oplog.ChangeFeed;
import skarb.v1.TailResponse;

/// One reader of the change feed: entries as they are logged, a batch a message. A thread of its
/// own sends, and waits until gRPC has room or there is more.
final class TailCall {
  private final ChangeFeed feed;
  private final ServerCallStreamObserver<TailResponse> call;

  TailCall(ChangeFeed feed, ServerCallStreamObserver<TailResponse> call) {
    this.feed = feed;
    this.call = call;
  }

  /// Listens to the call; must run before its handler returns.
  void listen(Context context) {
    call.setOnReadyHandler(feed::wake);
    call.setOnCancelHandler(feed::close);
    call.setOnCloseHandler(feed::close);
    context.addListener(cancelled -> feed.close(), Runnable::run);
  }

  /// Sends until the call ends.
  void run() {
    try {
      feed.run(
          call::isReady,
          (batch, entries) ->
              call.onNext(
                  TailResponse.newBuilder()
                      .setBatch(batch)
                      .addAllEntries(List.copyOf(entries))
                      .build()));
    } catch (RuntimeException e) {
      if (!feed.isClosed()) {
        call.onError(e);
      }
    }
  }
}
