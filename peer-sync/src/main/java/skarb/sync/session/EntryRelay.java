package skarb.sync.session;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import skarb.sync.Ending;
import skarb.sync.Throttle;
import skarb.sync.Traffic;
import skarb.v1.OplogGrpc;
import skarb.v1.SyncMessage;
import skarb.v1.SyncRequest;
import skarb.v1.SyncResponse;

/// Two `Sync` streams, one to each node, so joined that the nodes speak to each other: a message is
/// asked of one when the other has room for it and the cap allows it, so at most one is in hand in
/// each direction.
public final class EntryRelay implements AutoCloseable {
  private final LongSupplier nanoTime;
  private final Throttle throttle;
  private final Ending ending;
  private final Leg local;
  private final Leg remote;

  /// @param traffic told of what moves
  /// @param throttle paid for what moves
  /// @param ending told when either stream ends
  public EntryRelay(LongSupplier nanoTime, Traffic traffic, Throttle throttle, Ending ending) {
    this.nanoTime = nanoTime;
    this.throttle = throttle;
    this.ending = ending;
    this.local = new Leg("this site", traffic::sent);
    this.remote = new Leg("the other site", traffic::received);
  }

  /// How long the other site has not said anything though it was asked to; 0 where it was not.
  public long silenceNanos() {
    OptionalLong since = remote.askedSince;
    return since.isEmpty() ? 0 : nanoTime.getAsLong() - since.getAsLong();
  }

  /// Told of what moves one way.
  @FunctionalInterface
  private interface Count {
    void moved(long entries, long bytes);
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
    private final Count count;
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile @Nullable Leg other;
    private volatile @Nullable ClientCallStreamObserver<SyncRequest> out;

    private volatile OptionalLong askedSince = OptionalLong.empty();

    Leg(String who, Count count) {
      this.who = who;
      this.count = count;
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
      askedSince = OptionalLong.empty();
      SyncMessage message = response.getMessage();
      long bytes = message.getSerializedSize();
      count.moved(message.getEntries().getEntriesCount(), bytes);
      Leg to = other;
      ClientCallStreamObserver<SyncRequest> sink = to == null ? null : to.out;
      if (sink == null) {
        return;
      }
      sink.onNext(SyncRequest.newBuilder().setMessage(message).build());
      if (message.hasEntries()) {
        throttle.after(bytes, () -> requestOnceThereIsRoom(sink));
      } else {
        requestOnceThereIsRoom(sink);
      }
    }

    private void requestOnceThereIsRoom(ClientCallStreamObserver<SyncRequest> sink) {
      waiting.set(true);
      if (sink.isReady() && waiting.compareAndSet(true, false)) {
        request();
      }
    }

    void request() {
      ClientCallStreamObserver<SyncRequest> stream = out;
      if (stream != null) {
        askedSince = OptionalLong.of(nanoTime.getAsLong());
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
      ending.fail(who, thrown);
    }

    @Override
    public void onCompleted() {
      ending.end(who + " ended the exchange");
    }
  }
}
