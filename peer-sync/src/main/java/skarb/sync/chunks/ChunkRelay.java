package skarb.sync.chunks;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import skarb.sync.Ending;
import skarb.sync.Throttle;
import skarb.v1.ChunksGrpc;
import skarb.v1.FetchRequest;
import skarb.v1.FetchResponse;
import skarb.v1.ListMissingRequest;
import skarb.v1.ListMissingResponse;
import skarb.v1.PushRequest;
import skarb.v1.PushResponse;

/// Brings one node the chunks that it wants and another one has, round after round:
///
/// ```
///  to:   ListMissing   what is wanted? (waits for something)
///  from: Fetch         frame by frame …
///  to:   Push          … passed on, when there is room for each
/// ```
///
/// A chunk that the other node does not have is left out for a while, so that those behind it come.
/// Rounds follow one another on gRPC's threads; nothing is kept between them but what to leave out.
public final class ChunkRelay implements AutoCloseable {
  private static final int CHUNKS_A_ROUND = 64;
  private static final int WAIT_MILLIS = 10_000;
  private static final int AGAIN_MILLIS = 5_000;

  private final Channel from;
  private final Channel to;
  private final ScheduledExecutorService timer;
  private final Ending ending;

  private final Way way;
  private final LeftOut except = new LeftOut();

  private volatile boolean closed;
  private volatile @Nullable Runnable cut;
  private volatile @Nullable ScheduledFuture<?> again;

  /// What is told of the bytes that go this way.
  ///
  /// @param count told of them
  /// @param throttle paid for them
  public record Way(Count count, Throttle throttle) {}

  /// Told of what moves.
  @FunctionalInterface
  public interface Count {
    /// @param entries none: these are chunks
    void moved(long entries, long bytes);
  }

  /// @param ending told when a call fails
  public ChunkRelay(
      Channel from, Channel to, ScheduledExecutorService timer, Way way, Ending ending) {
    this.way = way;
    this.from = from;
    this.to = to;
    this.timer = timer;
    this.ending = ending;
  }

  /// Begins the next round.
  public void begin() {
    if (closed) {
      return;
    }
    List<ByteString> leftOut = except.all();
    ChunksGrpc.newStub(to)
        .withDeadlineAfter(WAIT_MILLIS + 60_000, TimeUnit.MILLISECONDS)
        .listMissing(
            ListMissingRequest.newBuilder()
                .setLimit(CHUNKS_A_ROUND)
                .setWaitMillis(leftOut.isEmpty() ? WAIT_MILLIS : 0)
                .addAllExcept(leftOut)
                .build(),
            new Listed());
  }

  @Override
  public void close() {
    closed = true;
    Runnable running = cut;
    if (running != null) {
      running.run();
    }
    ScheduledFuture<?> pause = again;
    if (pause != null) {
      pause.cancel(false);
    }
  }

  private void failed(Throwable thrown) {
    if (!closed) {
      ending.fail("chunks", thrown);
    }
  }

  /// What is wanted.
  private final class Listed implements StreamObserver<ListMissingResponse> {
    private List<ByteString> wanted = List.of();

    @Override
    public void onNext(ListMissingResponse response) {
      wanted = response.getChunksList();
    }

    @Override
    public void onError(Throwable thrown) {
      failed(thrown);
    }

    @Override
    public void onCompleted() {
      if (!wanted.isEmpty()) {
        new Transfer(wanted).begin();
      } else if (except.isEmpty()) {
        ChunkRelay.this.begin();
      } else {
        except.clear();
        again = timer.schedule(ChunkRelay.this::begin, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /// One round's chunks.
  private final class Transfer implements ClientResponseObserver<FetchRequest, FetchResponse> {
    private final List<ByteString> wanted;
    private final Pushing pushing = new Pushing(this);
    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile @Nullable ClientCallStreamObserver<FetchRequest> fetch;

    Transfer(List<ByteString> wanted) {
      this.wanted = wanted;
    }

    void begin() {
      ChunksGrpc.newStub(to).push(pushing);
      StreamObserver<FetchRequest> asking = ChunksGrpc.newStub(from).fetch(this);
      cut = this::cancel;
      if (closed) {
        cancel();
        return;
      }
      asking.onNext(FetchRequest.newBuilder().addAllChunks(wanted).build());
      asking.onCompleted();
      request();
    }

    private void cancel() {
      ClientCallStreamObserver<FetchRequest> asking = fetch;
      if (asking != null) {
        asking.cancel("the exchange is over", null);
      }
      pushing.cancel();
    }

    void request() {
      ClientCallStreamObserver<FetchRequest> asking = fetch;
      if (asking != null) {
        asking.request(1);
      }
    }

    void hasRoom() {
      if (waiting.compareAndSet(true, false)) {
        request();
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchRequest> stream) {
      fetch = stream;
      stream.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(FetchResponse response) {
      if (response.getAbsent()) {
        except.add(List.of(response.getChunk()));
        request();
        return;
      }
      pushing.send(
          PushRequest.newBuilder()
              .setChunk(response.getChunk())
              .setFrame(response.getFrame())
              .setLast(response.getLast())
              .build());
      long bytes = response.getFrame().getContent().size();
      way.count().moved(0, bytes);
      way.throttle().after(bytes, this::requestOnceThereIsRoom);
    }

    private void requestOnceThereIsRoom() {
      waiting.set(true);
      if (pushing.isReady() && waiting.compareAndSet(true, false)) {
        request();
      }
    }

    @Override
    public void onError(Throwable thrown) {
      pushing.cancel();
      failed(thrown);
    }

    @Override
    public void onCompleted() {
      pushing.finish();
    }
  }

  /// The other end of a round.
  private final class Pushing implements ClientResponseObserver<PushRequest, PushResponse> {
    private final Transfer transfer;
    private volatile @Nullable ClientCallStreamObserver<PushRequest> push;

    Pushing(Transfer transfer) {
      this.transfer = transfer;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<PushRequest> stream) {
      push = stream;
      stream.setOnReadyHandler(transfer::hasRoom);
    }

    void send(PushRequest request) {
      ClientCallStreamObserver<PushRequest> stream = push;
      if (stream != null) {
        stream.onNext(request);
      }
    }

    boolean isReady() {
      ClientCallStreamObserver<PushRequest> stream = push;
      return stream != null && stream.isReady();
    }

    void finish() {
      ClientCallStreamObserver<PushRequest> stream = push;
      if (stream != null) {
        stream.onCompleted();
      }
    }

    void cancel() {
      ClientCallStreamObserver<PushRequest> stream = push;
      if (stream != null) {
        stream.cancel("the exchange is over", null);
      }
    }

    @Override
    public void onNext(PushResponse response) {
      except.add(response.getDamagedList());
    }

    @Override
    public void onError(Throwable thrown) {
      failed(thrown);
    }

    @Override
    public void onCompleted() {
      cut = null;
      ChunkRelay.this.begin();
    }
  }
}
