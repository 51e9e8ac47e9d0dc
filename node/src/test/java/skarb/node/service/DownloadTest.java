package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ObjectsGrpc;
import skarb.v1.UploadHeader;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;
import skarb.v1.UploadTrailer;

/// A download goes no faster than its reader, and ends when its reader goes.
class DownloadTest {
  private static final String BUCKET = "a-bucket";
  private static final int FRAMES = 200;

  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;

  @BeforeEach
  void start() throws Exception {
    node = new NodeFixture(directory);
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
    store();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void readerThatAsksForNothingIsSentLittleAndGetsTheRestLater() throws Exception {
    for (Channel channel :
        List.of(
            node.gatewayFor(owner),
            ServerFixture.withBearer(node.networkChannel(), node.tokenFor("AKOWNER")))) {
      int reads = node.threadsReading();
      Reader reader = new Reader();
      ObjectsGrpc.newStub(channel)
          .get(GetRequest.newBuilder().setBucket(BUCKET).setKey("k").build(), reader);
      await().until(() -> reader.frames.get() >= 1);
      await().pollDelay(Duration.ofMillis(300)).until(() -> reader.frames.get() == 1);
      assertThat(node.threadsReading()).isEqualTo(reads + 1);
      for (int i = 1; i < FRAMES; i++) {
        reader.ask(1);
      }
      assertThat(reader.end.get(20, TimeUnit.SECONDS)).isEqualTo("completed");
      assertThat(reader.bytes.get()).isEqualTo(FRAMES * (256L << 10));
      int before = reads;
      await().until(() -> node.threadsReading() == before);
    }
  }

  @Test
  void readerThatGoesEndsTheReading() throws Exception {
    int reads = node.threadsReading();
    Reader reader = new Reader();
    ObjectsGrpc.newStub(node.gatewayFor(owner))
        .get(GetRequest.newBuilder().setBucket(BUCKET).setKey("k").build(), reader);
    await().until(() -> reader.frames.get() >= 1);
    reader.cancel();
    await().until(() -> node.threadsReading() == reads);
  }

  private void store() throws Exception {
    CompletableFuture<Boolean> stored = new CompletableFuture<>();
    var requests =
        ObjectsGrpc.newStub(node.gatewayFor(owner))
            .upload(
                new io.grpc.stub.StreamObserver<>() {
                  @Override
                  public void onNext(UploadResponse response) {}

                  @Override
                  public void onError(Throwable thrown) {
                    stored.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {
                    stored.complete(true);
                  }
                });
    requests.onNext(
        UploadRequest.newBuilder()
            .setHeader(UploadHeader.newBuilder().setBucket(BUCKET).setKey("k"))
            .build());
    for (int i = 0; i < FRAMES; i++) {
      byte[] frame = new byte[256 << 10];
      frame[0] = (byte) i;
      UploadRequest.Builder request = UploadRequest.newBuilder();
      request.getFrameBuilder().setContent(ByteString.copyFrom(frame));
      requests.onNext(request.build());
    }
    requests.onNext(
        UploadRequest.newBuilder().setTrailer(UploadTrailer.getDefaultInstance()).build());
    requests.onCompleted();
    assertThat(stored.get(30, TimeUnit.SECONDS)).isTrue();
  }

  /// Asks for one message at first, and for more when told to.
  private static final class Reader implements ClientResponseObserver<GetRequest, GetResponse> {
    final AtomicInteger frames = new AtomicInteger();
    final AtomicLong bytes = new AtomicLong();
    final CompletableFuture<String> end = new CompletableFuture<>();
    private final CompletableFuture<ClientCallStreamObserver<GetRequest>> call =
        new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<GetRequest> started) {
      started.disableAutoRequestWithInitial(1);
      call.complete(started);
    }

    void ask(int messages) {
      call.join().request(messages);
    }

    void cancel() {
      call.join().cancel("gone", null);
    }

    @Override
    public void onNext(GetResponse response) {
      CRC32C crc = new CRC32C();
      crc.update(response.getFrame().getContent().asReadOnlyByteBuffer());
      assertThat((int) crc.getValue()).isEqualTo(response.getFrame().getCrc32C());
      bytes.addAndGet(response.getFrame().getContent().size());
      frames.incrementAndGet();
    }

    @Override
    public void onError(Throwable thrown) {
      end.complete(thrown.toString());
    }

    @Override
    public void onCompleted() {
      end.complete("completed");
    }
  }
}
