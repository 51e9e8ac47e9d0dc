package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.Checksums;
import skarb.v1.EtagCondition;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.PutResult;
import skarb.v1.SetKeyEnabledRequest;
import skarb.v1.SetKeyEnabledResponse;
import skarb.v1.UploadHeader;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;
import skarb.v1.UploadTrailer;
import skarb.v1.WriteConditions;

/// Streamed uploads on a whole node, in process and over the network.
class UploadTest {
  private static final String BUCKET = "a-bucket";
  private static final int FRAME = 256 << 10;

  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void bodyOfManyFramesIsStoredWithItsChecksums() throws Exception {
    byte[] body = new byte[9 * FRAME + 1234];
    new Random(1).nextBytes(body);
    for (Channel channel : List.of(node.gatewayFor(owner), network())) {
      Upload upload = new Upload(channel);
      upload.header(header("k"));
      assertThat(upload.next().hasAccepted()).isTrue();
      for (int at = 0; at < body.length; at += FRAME) {
        upload.frame(ByteString.copyFrom(body, at, Math.min(FRAME, body.length - at)), true);
      }
      byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(body);
      upload.trailer(Checksums.newBuilder().setSha256(ByteString.copyFrom(sha256)).build());
      PutResult result = upload.next().getResult();
      assertThat(result.getSize()).isEqualTo(body.length);
      assertThat(result.getChecksums().getSha256().toByteArray()).isEqualTo(sha256);
      upload.completed();
      ByteString[] read = {ByteString.EMPTY};
      ObjectsGrpc.newBlockingStub(channel)
          .get(GetRequest.newBuilder().setBucket(BUCKET).setKey("k").build())
          .forEachRemaining(response -> read[0] = read[0].concat(response.getFrame().getContent()));
      assertThat(read[0].toByteArray()).isEqualTo(body);
    }
    nothingIsHeld();
  }

  @Test
  void refusalComesBeforeTheFirstFrame() throws Exception {
    PutResponse _ =
        node.objects(owner)
            .put(
                PutRequest.newBuilder()
                    .setHeader(header("k"))
                    .setContent(ByteString.copyFromUtf8("old"))
                    .build());
    WriteConditions absent =
        WriteConditions.newBuilder()
            .setIfNoneMatch(EtagCondition.newBuilder().setAny(true))
            .build();
    assertThat(refusal(header("k").toBuilder().setConditions(absent).build()))
        .isEqualTo("PRECONDITION_FAILED");
    assertThat(refusal(header("k").toBuilder().setBucket("nobodys").build()))
        .isEqualTo("NO_SUCH_BUCKET");
    assertThat(refusal(header("k").toBuilder().setContentLength((5L << 30) + 1).build()))
        .isEqualTo("ENTITY_TOO_LARGE");
    Upload anonymous = new Upload(node.gateway());
    anonymous.header(header("k"));
    assertThat(anonymous.failure()).isEqualTo("ACCESS_DENIED");
  }

  private String refusal(UploadHeader header) throws Exception {
    Upload upload = new Upload(node.gatewayFor(owner));
    upload.header(header);
    return upload.failure();
  }

  @Test
  void nothingIsStoredWithoutTheTrailer() throws Exception {
    for (Channel channel : List.of(node.gatewayFor(owner), network())) {
      Upload cancelled = accepted(channel);
      cancelled.frame(ByteString.copyFrom(new byte[FRAME]), false);
      cancelled.call.cancel("gone", null);
      assertThat(cancelled.status().getCode()).isEqualTo(Status.Code.CANCELLED);

      Upload halfClosed = accepted(channel);
      halfClosed.frame(ByteString.copyFrom(new byte[FRAME]), false);
      halfClosed.call.onCompleted();
      assertThat(halfClosed.failure()).isEqualTo("STREAM_PROTOCOL");
    }
    assertThat(
            Failures.reasonOf(() -> {
              HeadResponse _ =
                  node.objects(owner)
                      .head(HeadRequest.newBuilder().setBucket(BUCKET).setKey("k").build());
            }))
        .isEqualTo("NO_SUCH_KEY");
    nothingIsHeld();
  }

  @Test
  void badBodiesAreRefusedAndGiveBackWhatTheyHeld() throws Exception {
    Upload badFrame = accepted(node.gatewayFor(owner));
    badFrame.call.onNext(
        UploadRequest.newBuilder()
            .setFrame(Frame.newBuilder().setContent(ByteString.copyFromUtf8("hello")).setCrc32C(1))
            .build());
    assertThat(badFrame.failure()).isEqualTo("FRAME_CHECKSUM_MISMATCH");

    Upload bigFrame = accepted(node.gatewayFor(owner));
    bigFrame.frame(ByteString.copyFrom(new byte[FRAME + 1]), false);
    assertThat(bigFrame.failure()).isEqualTo("INVALID_ARGUMENT");

    Upload badEnd = accepted(node.gatewayFor(owner));
    badEnd.frame(ByteString.copyFrom(new byte[FRAME]), false);
    badEnd.trailer(Checksums.newBuilder().setCrc32(ByteString.copyFrom(new byte[4])).build());
    assertThat(badEnd.failure()).isEqualTo("CHECKSUM_MISMATCH");

    Upload tooLong = new Upload(node.gatewayFor(owner));
    tooLong.header(header("k").toBuilder().setContentLength(3).build());
    assertThat(tooLong.next().hasAccepted()).isTrue();
    tooLong.frame(ByteString.copyFromUtf8("hello"), false);
    assertThat(tooLong.failure()).isEqualTo("INCOMPLETE_BODY");
    nothingIsHeld();
  }

  @Test
  void messagesOutOfOrderMeanNothing() throws Exception {
    Upload frameFirst = new Upload(node.gatewayFor(owner));
    frameFirst.frame(ByteString.copyFromUtf8("x"), false);
    assertThat(frameFirst.failure()).isEqualTo("STREAM_PROTOCOL");

    Upload trailerFirst = new Upload(node.gatewayFor(owner));
    trailerFirst.trailer(Checksums.getDefaultInstance());
    assertThat(trailerFirst.failure()).isEqualTo("STREAM_PROTOCOL");

    Upload twoHeaders = accepted(node.gatewayFor(owner));
    twoHeaders.header(header("k"));
    assertThat(twoHeaders.failure()).isEqualTo("STREAM_PROTOCOL");

    Upload empty = accepted(node.gatewayFor(owner));
    empty.call.onNext(UploadRequest.getDefaultInstance());
    assertThat(empty.failure()).isEqualTo("STREAM_PROTOCOL");
    nothingIsHeld();
  }

  @Test
  void keyThatIsDisabledMidwayStopsTheCommit() throws Exception {
    Upload upload = accepted(node.gatewayFor(owner));
    upload.frame(ByteString.copyFromUtf8("hello"), false);
    SetKeyEnabledResponse _ =
        skarb.v1.AccessGrpc.newBlockingStub(node.operator())
            .setKeyEnabled(SetKeyEnabledRequest.newBuilder().setAccessKeyId("AKOWNER").build());
    upload.trailer(Checksums.getDefaultInstance());
    assertThat(upload.failure()).isEqualTo("KEY_CHANGED");
    nothingIsHeld();
  }

  @Test
  void uploadBelowTheLeastRateIsCut() throws Exception {
    Upload slow = accepted(node.gatewayFor(owner));
    await()
        .until(() -> {
          node.skip(Duration.ofSeconds(31));
          slow.frame(ByteString.copyFrom(new byte[100]), false);
          return slow.failed.isDone();
        });
    assertThat(slow.failure()).isEqualTo("REQUEST_TIMEOUT");
    nothingIsHeld();
  }

  @Test
  void uploadAtTheLeastRateGoesOn() throws Exception {
    Upload steady = accepted(node.gatewayFor(owner));
    for (int i = 0; i < 6; i++) {
      frameAfter(Duration.ofSeconds(31), steady, 4096 * 31);
    }
    steady.trailer(Checksums.getDefaultInstance());
    assertThat(steady.next().getResult().getSize()).isEqualTo(6L * 4096 * 31);
    nothingIsHeld();
  }

  /// Sends a frame after some time and waits until the node has it.
  private void frameAfter(Duration time, Upload upload, int bytes) {
    long held = node.budget.usedBytes();
    node.skip(time);
    upload.frame(ByteString.copyFrom(new byte[bytes]), false);
    await().until(() -> node.budget.usedBytes() >= held + bytes);
  }

  @Test
  void nodeThatCannotTakeMoreHoldsItsClientsBack() throws Exception {
    int all = node.budget.mostAtOnce();
    node.budget.acquire(all); // as if other uploads held it
    Upload upload = accepted(network());
    int sent = 0;
    while (sent < 1000 && readyWithin(upload, Duration.ofMillis(500))) {
      upload.frame(ByteString.copyFrom(new byte[FRAME]), false);
      sent++;
    }
    // what fits into the windows of HTTP/2 and the few frames asked for, not the 250 MiB offered
    assertThat(sent).isBetween(1, 100);
    node.budget.release(all);
    upload.trailer(Checksums.getDefaultInstance());
    assertThat(upload.next().getResult().getSize()).isEqualTo((long) sent * FRAME);
    nothingIsHeld();
  }

  private static boolean readyWithin(Upload upload, Duration patience) {
    try {
      await().atMost(patience).until(upload.call::isReady);
      return true;
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      return false;
    }
  }

  private void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.budget.usedBytes()).isZero());
  }

  private Channel network() {
    return ServerFixture.withBearer(node.networkChannel(), node.tokenFor("AKOWNER"));
  }

  private static Upload accepted(Channel channel) throws Exception {
    Upload upload = new Upload(channel);
    upload.header(header("k"));
    assertThat(upload.next().hasAccepted()).isTrue();
    return upload;
  }

  private static UploadHeader header(String key) {
    return UploadHeader.newBuilder().setBucket(BUCKET).setKey(key).build();
  }

  /// An upload, message by message.
  private static final class Upload
      implements ClientResponseObserver<UploadRequest, UploadResponse> {
    private final BlockingQueue<UploadResponse> responses = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final CompletableFuture<StatusRuntimeException> failed = new CompletableFuture<>();
    private ClientCallStreamObserver<UploadRequest> call;

    @SuppressWarnings("NullAway.Init") // beforeStart sets the call within the constructor
    Upload(Channel channel) {
      var _ = ObjectsGrpc.newStub(channel).upload(this);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<UploadRequest> started) {
      call = started;
    }

    void header(UploadHeader header) {
      call.onNext(UploadRequest.newBuilder().setHeader(header).build());
    }

    void frame(ByteString content, boolean withChecksum) {
      Frame.Builder frame = Frame.newBuilder().setContent(content);
      if (withChecksum) {
        CRC32C crc = new CRC32C();
        crc.update(content.asReadOnlyByteBuffer());
        frame.setCrc32C((int) crc.getValue());
      }
      call.onNext(UploadRequest.newBuilder().setFrame(frame).build());
    }

    void trailer(Checksums expected) {
      call.onNext(
          UploadRequest.newBuilder()
              .setTrailer(UploadTrailer.newBuilder().setExpected(expected))
              .build());
      call.onCompleted();
    }

    UploadResponse next() throws Exception {
      UploadResponse response = responses.poll(20, TimeUnit.SECONDS);
      if (response == null) {
        throw new AssertionError("no answer; ended: " + end.getNow(null));
      }
      return response;
    }

    Status status() throws Exception {
      return end.get(20, TimeUnit.SECONDS);
    }

    void completed() throws Exception {
      assertThat(status().isOk()).isTrue();
    }

    String failure() throws Exception {
      return Failures.info(failed.get(20, TimeUnit.SECONDS)).getReason();
    }

    @Override
    public void onNext(UploadResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable thrown) {
      end.complete(Status.fromThrowable(thrown));
      failed.complete((StatusRuntimeException) thrown);
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
