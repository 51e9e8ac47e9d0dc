package skarb.cli.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.sync.Peer;
import skarb.sync.PeerSync;
import skarb.sync.SyncSeams;
import skarb.v1.CopyRequest;
import skarb.v1.CopySource;
import skarb.v1.GetRequest;
import skarb.v1.HeadRequest;
import skarb.v1.ObjectsGrpc;
import skarb.v1.OplogGrpc;
import skarb.v1.SyncEntries;
import skarb.v1.SyncEntry;
import skarb.v1.SyncHello;
import skarb.v1.SyncMessage;
import skarb.v1.SyncPosition;
import skarb.v1.SyncRequest;
import skarb.v1.SyncResponse;
import skarb.v1.TailRequest;
import skarb.v1.TailResponse;

/// A site to which somebody speaks by hand: what it refuses, and what it does with entries whose
/// bytes have not come.
class EntriesByHandTest {
  private static final String KEY = "ann";
  private static final String BUCKET = "shared";
  private static final ByteString JOURNAL = ByteString.copyFrom(new byte[16]);

  @TempDir Path folder;
  private Site a;
  private Site b;

  @BeforeEach
  void twoMembersOfOneRealm() throws IOException {
    a = new Site(folder.resolve("a"), "a", Optional.empty());
    b = new Site(folder.resolve("b"), "b", Optional.of(a.data));
    for (Site each : new Site[] {a, b}) {
      each.knows(a);
      each.knows(b);
    }
    b.makeKey(KEY);
    b.makeBucket(KEY, BUCKET);
  }

  @AfterEach
  void close() throws IOException {
    a.close();
    b.close();
  }

  @Test
  void bytesThatAreNoEntryEndTheStream() {
    Spoken spoken = greeted();
    spoken.entries(List.of(ByteString.copyFromUtf8("no entry at all")), 1);
    assertThat(spoken.failure()).isEqualTo("SYNC_REFUSED");
  }

  @Test
  void anEntryThatIsTooLongEndsTheStream() {
    Spoken spoken = greeted();
    spoken.entries(List.of(ByteString.copyFrom(new byte[(1 << 20) + 1])), 1);
    assertThat(spoken.failure()).isEqualTo("SYNC_REFUSED");
  }

  @Test
  void nothingIsTakenBeforeTheHello() {
    Spoken spoken = new Spoken();
    spoken.entries(entriesOfB(), 1);
    assertThat(spoken.failure()).isEqualTo("SYNC_REFUSED");
  }

  @Test
  void aHelloThatDoesNotFitEndsTheStream() {
    List<Function<SyncHello.Builder, SyncHello.Builder>> changes =
        List.of(
            hello -> hello.setVersion(2),
            hello -> hello.setRealm(ByteString.copyFrom(new byte[16])),
            hello -> hello.setSite(0x01020304),
            hello -> hello.setSite((int) Long.parseLong(a.status().getSiteId(), 16)));
    for (Function<SyncHello.Builder, SyncHello.Builder> change : changes) {
      Spoken spoken = new Spoken();
      spoken.say(SyncMessage.newBuilder().setHello(change.apply(spoken.helloOfB())).build());
      assertThat(spoken.failure()).isEqualTo("SYNC_REFUSED");
    }
  }

  @Test
  void whereAJournalIsLoggedUpToIsKnownAfterARestart() throws IOException {
    Spoken spoken = greeted();
    spoken.entries(entriesOfB(), 7);
    spoken.awaitAck();
    spoken.calls.onCompleted();
    a.restart();

    SyncHello hello = new Spoken().hello();

    assertThat(hello.getResumeList())
        .contains(SyncPosition.newBuilder().setStore(JOURNAL).setBatch(7).build());
  }

  @Test
  void noReaderGetsABodyThatIsNotHere() {
    byte[] large = new byte[1 << 20];
    new SplittableRandom(3).nextBytes(large);
    b.put(KEY, BUCKET, "large", large);
    Spoken spoken = greeted();
    spoken.entries(entriesOfB(), 1);
    spoken.awaitAck();
    ObjectsGrpc.ObjectsBlockingStub objects = ObjectsGrpc.newBlockingStub(a.as(KEY));

    assertThat(
            objects
                .head(HeadRequest.newBuilder().setBucket(BUCKET).setKey("large").build())
                .getInfo()
                .getSize())
        .isEqualTo(large.length);
    assertThat(a.list(KEY, BUCKET)).containsExactly("large");
    GetRequest.Builder get = GetRequest.newBuilder().setBucket(BUCKET).setKey("large");
    GetRequest.Builder part = get.clone();
    part.getRangeBuilder().setFirst(1).setLast(2);
    for (GetRequest request : List.of(get.build(), part.build())) {
      assertThatThrownBy(() -> objects.get(request).forEachRemaining(each -> {}))
          .satisfies(thrown ->
              assertThat(reason((StatusRuntimeException) thrown)).isEqualTo("BODY_NOT_HERE"));
    }
    StatusRuntimeException copy =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                objects.copy(
                    CopyRequest.newBuilder()
                        .setBucket(BUCKET)
                        .setKey("copy")
                        .setSource(CopySource.newBuilder().setBucket(BUCKET).setKey("large"))
                        .build()));
    assertThat(reason(copy)).isEqualTo("BODY_NOT_HERE");
    assertThat(copy.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

    spoken.calls.onCompleted();
    SyncSeams seams =
        new SyncSeams(
            a.seams.seams().clock(),
            a.seams.seams().nanoTime(),
            a.seams.seams().threads(),
            a.seams.seams().timer(),
            new SplittableRandom(1));
    try (PeerSync sync =
        new PeerSync(seams, a.node.operatorChannel(), new Peer("b", b.node.operatorChannel()))) {
      sync.start();
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(a.get(KEY, BUCKET, "large")).contains(ByteString.copyFrom(large)));
    }
  }

  private Spoken greeted() {
    Spoken spoken = new Spoken();
    spoken.say(SyncMessage.newBuilder().setHello(spoken.helloOfB()).build());
    return spoken;
  }

  private List<ByteString> entriesOfB() {
    long last = b.status().getJournalBatch();
    List<ByteString> entries = new ArrayList<>();
    Iterator<TailResponse> tail =
        OplogGrpc.newBlockingStub(b.node.operatorChannel())
            .withDeadlineAfter(Duration.ofSeconds(30))
            .tail(TailRequest.newBuilder().setFromBatch(1).build());
    for (long at = 0; at < last; ) {
      TailResponse batch = tail.next();
      entries.addAll(batch.getEntriesList());
      at = batch.getBatch();
    }
    return entries;
  }

  private static String reason(StatusRuntimeException failure) {
    com.google.rpc.Status status =
        java.util.Objects.requireNonNull(StatusProto.fromThrowable(failure));
    try {
      return status.getDetails(0).unpack(ErrorInfo.class).getReason();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(failure);
    }
  }

  /// One stream to `a`, as if from `b`.
  private final class Spoken implements StreamObserver<SyncResponse> {
    final List<SyncMessage> heard = new CopyOnWriteArrayList<>();
    final CompletableFuture<SyncHello> hello = new CompletableFuture<>();
    final CompletableFuture<SyncMessage> ack = new CompletableFuture<>();
    final CompletableFuture<Throwable> end = new CompletableFuture<>();
    final StreamObserver<SyncRequest> calls;

    Spoken() {
      calls = OplogGrpc.newStub(a.node.operatorChannel()).sync(this);
    }

    void say(SyncMessage message) {
      calls.onNext(SyncRequest.newBuilder().setMessage(message).build());
    }

    void entries(List<ByteString> entries, long batch) {
      SyncEntries.Builder message = SyncEntries.newBuilder();
      entries.forEach(each -> message.addEntries(SyncEntry.newBuilder().setEntry(each)));
      message.getPositionBuilder().setStore(JOURNAL).setBatch(batch);
      say(SyncMessage.newBuilder().setEntries(message).build());
    }

    SyncHello hello() {
      return hello.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    SyncHello.Builder helloOfB() {
      return SyncHello.newBuilder()
          .setVersion(1)
          .setSite((int) Long.parseLong(b.status().getSiteId(), 16))
          .setSiteName("b")
          .setRealm(hello().getRealm());
    }

    void awaitAck() {
      ack.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    String failure() {
      Throwable thrown = end.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
      return reason((StatusRuntimeException) thrown);
    }

    @Override
    public void onNext(SyncResponse response) {
      SyncMessage message = response.getMessage();
      heard.add(message);
      if (message.hasHello()) {
        hello.complete(message.getHello());
      } else if (message.hasAck()) {
        ack.complete(message);
      }
    }

    @Override
    public void onError(Throwable thrown) {
      end.complete(thrown);
    }

    @Override
    public void onCompleted() {
      end.completeExceptionally(new IllegalStateException("ended without an error"));
    }
  }
}
