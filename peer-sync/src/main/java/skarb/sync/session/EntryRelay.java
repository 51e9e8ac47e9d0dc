package skarb.sync.session;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import skarb.sync.Ending;
import skarb.v1.OplogGrpc;
import skarb.v1.SyncRequest;
import skarb.v1.SyncResponse;

/// Two `Sync` streams, one to each node, so joined that the nodes speak to each other: a message is
/// asked of one when the other has room for it, so at most one is in hand in each direction.
public final class EntryRelay implements AutoCloseable {
  private final Ending ending;
  private final Leg local = new Leg("this site");
  private final Leg remote = new Leg("the other site");

  /// @param ending told when either stream ends
  public EntryRelay(Ending ending) {
    this.ending = ending;
  }

  /// Opens both streams.
  public void begin(Channel toLocal, Channel toRemote) {
    local.other = remote;
    remote.other = local;
    OplogGrpc.newStub(toLocal).sync(local);
    OplogGrpc.newStub(toRemote).sync(remote);
    local.request();
    remote.request();
  }

  /// Cuts both streams.
  @Override
  public void close() {
    local.cancel();
    remote.cancel();
  }

  /// What one node says.
  private final class Leg implements ClientResponseObserver<SyncRequest, SyncResponse> {
    private final String who;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile @Nullable Leg other;
    private volatile @Nullable ClientCallStreamObserver<SyncRequest> out;

    Leg(String who) {
      this.who = who;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SyncRequest> stream) {
      out = stream;
      stream.disableAutoRequestWithInitial(0);
      stream.setOnReadyHandler(this::hasRoom);
    }

    /// This node takes another message: the one that waits for it may come.
    private void hasRoom() {
      Leg from = other;
      if (from != null && from.waiting.compareAndSet(true, false)) {
        from.request();
      }
    }

    @Override
    public void onNext(SyncResponse response) {
      Leg to = other;
      ClientCallStreamObserver<SyncRequest> sink = to == null ? null : to.out;
      if (sink == null) {
        return;
      }
      sink.onNext(SyncRequest.newBuilder().setMessage(response.getMessage()).build());
      waiting.set(true);
      if (sink.isReady() && waiting.compareAndSet(true, false)) {
        request();
      }
    }

    void request() {
      ClientCallStreamObserver<SyncRequest> stream = out;
      if (stream != null) {
        stream.request(1);
      }
    }

    void cancel() {
      ClientCallStreamObserver<SyncRequest> stream = out;
      if (stream != null) {
        stream.cancel("the exchange is over", null);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      ending.end(who + ": " + thrown.getMessage());
    }

    @Override
    public void onCompleted() {
      ending.end(who + " ended the exchange");
    }
  }
}
