package skarb.sync.chunks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
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
/// While there is more to bring, some rounds run at once, each with chunks of its own, so that one
/// is on its way while another is forced. Under a cap there is one, since a cap holds back what is
/// asked for next. A chunk that the other node does not have is left out for a while, so that those
/// behind it, and new ones, come. Rounds run on gRPC's threads; nothing is kept between them but
/// what to leave out.
public final class ChunkRelay implements AutoCloseable {
  private static final int CHUNKS_A_ROUND = 64;
  private static final int ROUNDS_AT_ONCE = 3;

  /// Frames of a round that are asked for before there is room for them: each is up to 256 KiB.
  private static final int FRAMES_AHEAD = 8;

  private static final int WAIT_MILLIS = 10_000;

  /// How long what the other node does not have is left out: twice as long each time, while nothing
  /// comes.
  private static final int FIRST_LEFT_OUT_MILLIS = 500;

  private static final int LAST_LEFT_OUT_MILLIS = 10_000;

  private final Channel from;
  private final Channel to;
  private final Ending ending;
  private final Way way;
  private final LeftOut except = new LeftOut();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<Transfer> running = new LinkedHashSet<>();

  /// Whether the node is being asked what it wants.
  @GuardedBy("lock")
  private boolean asking;

  /// Whether it wanted nothing beyond what runs when it was asked last.
  @GuardedBy("lock")
  private boolean allRuns;

  @GuardedBy("lock")
  private boolean closed;

  /// Whether it is asked for what it wants beyond what is left out, which is all it wanted before.
  @GuardedBy("lock")
  private boolean allLeftOut;

  @GuardedBy("lock")
  private int leftOutMillis = FIRST_LEFT_OUT_MILLIS;

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
  public ChunkRelay(Channel from, Channel to, Way way, Ending ending) {
    this.way = way;
    this.from = from;
    this.to = to;
    this.ending = ending;
  }

  /// Begins.
  public void begin() {
    askForMore();
  }

  /// Asks for the chunks of another round, if there can be one now.
  private void askForMore() {
    ListMissingRequest.Builder request = ListMissingRequest.newBuilder().setLimit(CHUNKS_A_ROUND);
    lock.lock();
    try {
      int most = way.throttle().isCapped() ? 1 : ROUNDS_AT_ONCE;
      if (closed || asking || running.size() >= most || (allRuns && !running.isEmpty())) {
        return;
      }
      asking = true;
      List<ByteString> leftOut = new ArrayList<>(except.all());
      running.forEach(each -> leftOut.addAll(each.chunks));
      request
          .setWaitMillis(leftOut.isEmpty() ? WAIT_MILLIS : allLeftOut ? leftOutMillis : 0)
          .addAllExcept(leftOut);
    } finally {
      lock.unlock();
    }
    ChunksGrpc.newStub(to)
        .withDeadlineAfter(WAIT_MILLIS + 60_000, TimeUnit.MILLISECONDS)
        .listMissing(request.build(), new Listed());
  }

  private void listed(List<ByteString> wanted) {
    Transfer next = null;
    lock.lock();
    try {
      asking = false;
      allRuns = wanted.size() < CHUNKS_A_ROUND;
      if (closed) {
        return;
      }
      if (!wanted.isEmpty()) {
        allLeftOut = false;
        next = new Transfer(wanted);
        running.add(next);
      } else if (running.isEmpty() && !except.isEmpty()) {
        if (allLeftOut) {
          except.clear();
          leftOutMillis = Math.min(2 * leftOutMillis, LAST_LEFT_OUT_MILLIS);
        }
        allLeftOut = !allLeftOut;
      }
    } finally {
      lock.unlock();
    }
    if (next != null) {
      next.begin();
    }
    askForMore();
  }

  private void finished(Transfer transfer) {
    lock.lock();
    try {
      running.remove(transfer);
      allRuns = false;
      leftOutMillis = transfer.brought ? FIRST_LEFT_OUT_MILLIS : leftOutMillis;
    } finally {
      lock.unlock();
    }
    askForMore();
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Transfer> cut;
    lock.lock();
    try {
      closed = true;
      cut = List.copyOf(running);
    } finally {
      lock.unlock();
    }
    cut.forEach(Transfer::cancel);
  }

  private void failed(Throwable thrown) {
    if (!isClosed()) {
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
      listed(wanted);
    }
  }

  /// One round's chunks.
  private final class Transfer implements ClientResponseObserver<FetchRequest, FetchResponse> {
    private final List<ByteString> chunks;
    private final Pushing pushing = new Pushing(this);

    /// Frames that may be asked for as soon as there is room for one.
    private final AtomicInteger owed = new AtomicInteger();

    private volatile @Nullable ClientCallStreamObserver<FetchRequest> fetch;

    /// Whether any chunk came.
    private volatile boolean brought;

    Transfer(List<ByteString> chunks) {
      this.chunks = chunks;
    }

    void begin() {
      ChunksGrpc.newStub(to).push(pushing);
      StreamObserver<FetchRequest> asking = ChunksGrpc.newStub(from).fetch(this);
      if (isClosed()) {
        cancel();
        return;
      }
      asking.onNext(FetchRequest.newBuilder().addAllChunks(chunks).build());
      asking.onCompleted();
      request(way.throttle().isCapped() ? 1 : FRAMES_AHEAD);
    }

    void cancel() {
      ClientCallStreamObserver<FetchRequest> asking = fetch;
      if (asking != null) {
        asking.cancel("the exchange is over", null);
      }
      pushing.cancel();
    }

    private void request(int frames) {
      ClientCallStreamObserver<FetchRequest> asking = fetch;
      if (asking != null) {
        asking.request(frames);
      }
    }

    void hasRoom() {
      int frames = owed.getAndSet(0);
      if (frames > 0) {
        request(frames);
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
        request(1);
        return;
      }
      pushing.send(
          PushRequest.newBuilder()
              .setChunk(response.getChunk())
              .setFrame(response.getFrame())
              .setLast(response.getLast())
              .build());
      brought = true;
      long bytes = response.getFrame().getContent().size();
      way.count().moved(0, bytes);
      way.throttle().after(bytes, this::oneMore);
    }

    private void oneMore() {
      owed.incrementAndGet();
      if (pushing.isReady()) {
        hasRoom();
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
      finished(transfer);
    }
  }
}
