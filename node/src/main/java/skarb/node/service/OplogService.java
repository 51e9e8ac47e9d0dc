package skarb.node.service;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import skarb.node.oplog.Replication;
import skarb.node.oplog.SyncSession;
import skarb.v1.OplogGrpc;
import skarb.v1.SyncRequest;
import skarb.v1.SyncResponse;
import skarb.v1.TailRequest;
import skarb.v1.TailResponse;

/// `skarb.v1.Oplog`.
public final class OplogService extends OplogGrpc.OplogImplBase {
  private final Replication replication;

  public OplogService(Replication replication) {
    this.replication = replication;
  }

  @Override
  public StreamObserver<SyncRequest> sync(StreamObserver<SyncResponse> responses) {
    return SyncCall.begin(replication, (ServerCallStreamObserver<SyncResponse>) responses);
  }

  @Override
  public void tail(TailRequest request, StreamObserver<TailResponse> responses) {
    TailCall call =
        new TailCall(
            replication.feed(Math.max(1, request.getFromBatch())),
            (ServerCallStreamObserver<TailResponse>) responses);
    call.listen(Context.current());
    replication.executor().execute(call::run);
  }

  /// The stream of one session: a message is asked for when the one before was logged.
  private static final class SyncCall implements StreamObserver<SyncRequest> {
    private final SyncSession session;
    private final ServerCallStreamObserver<SyncResponse> call;

    private SyncCall(SyncSession session, ServerCallStreamObserver<SyncResponse> call) {
      this.session = session;
      this.call = call;
    }

    static SyncCall begin(Replication replication, ServerCallStreamObserver<SyncResponse> call) {
      SyncSession session =
          new SyncSession(
              replication,
              new SyncSession.Wire(
                  call::isReady,
                  message -> call.onNext(SyncResponse.newBuilder().setMessage(message).build()),
                  call::onError));
      call.disableAutoRequest();
      call.setOnReadyHandler(session::wake);
      call.setOnCancelHandler(session::end);
      call.setOnCloseHandler(session::end);
      session.start();
      call.request(1);
      return new SyncCall(session, call);
    }

    @Override
    public void onNext(SyncRequest request) {
      try {
        session.receive(request.getMessage());
      } catch (RuntimeException e) {
        session.failed(e);
        session.end();
        throw e;
      }
      call.request(1);
    }

    @Override
    public void onError(Throwable thrown) {
      session.end();
    }

    @Override
    public void onCompleted() {
      session.end();
      call.onCompleted();
    }
  }
}
