package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.AdminGrpc;
import skarb.v1.CallContext;
import skarb.v1.GetCapabilitiesRequest;
import skarb.v1.GetCapabilitiesResponse;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.GetStatusRequest;
import skarb.v1.GetStatusResponse;
import skarb.v1.ObjectsGrpc;

/// Deadlines, idle limits, calls in flight, request ids and errors, before services that stand
/// still or throw.
class CallLimitsTest {
  private static final CallLimits LIMITS =
      new CallLimits(
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofHours(24),
          4096,
          2,
          100);

  @TempDir Path directory;
  private ServerFixture fixture;
  private final Hanging hanging = new Hanging();

  @BeforeEach
  void start() throws IOException {
    fixture = new ServerFixture(directory, LIMITS, new AdminThatThrows(hanging), hanging);
  }

  @AfterEach
  void stop() {
    hanging.release.countDown();
    fixture.close();
  }

  @Test
  void unaryCallWithoutADeadlineEndsAfterSixtySeconds() throws Exception {
    CompletableFuture<StatusRuntimeException> failure = failureOf(this::hang);
    hanging.entered();
    fixture.time.advance(Duration.ofSeconds(59));
    assertThat(failure).isNotDone();
    fixture.time.advance(Duration.ofSeconds(1));
    assertThat(Failures.info(failure.get(10, TimeUnit.SECONDS)).getReason())
        .isEqualTo("REQUEST_TIMEOUT");
    await().until(() -> hanging.context.get().isCancelled());
  }

  @Test
  void streamThatStandsStillEndsAfterTheIdleLimitAndOneThatMovesDoesNot() throws Exception {
    Recorder recorder = new Recorder();
    ObjectsGrpc.newStub(
            ServerFixture.withContext(fixture.gateway(), fixture.access.contextFor("AKUSER")))
        .get(GetRequest.getDefaultInstance(), recorder);
    StreamObserver<GetResponse> responses = hanging.download.get(10, TimeUnit.SECONDS);
    for (int i = 1; i <= 5; i++) {
      fixture.time.advance(Duration.ofSeconds(50));
      responses.onNext(GetResponse.getDefaultInstance());
      int expected = i;
      await().until(() -> recorder.messages.getCount() == 100 - expected);
    }
    assertThat(recorder.failure).isNotDone();
    fixture.time.advance(Duration.ofSeconds(60));
    assertThat(Failures.info(recorder.failure.get(10, TimeUnit.SECONDS)).getReason())
        .isEqualTo("REQUEST_TIMEOUT");
    await().until(() -> hanging.context.get().isCancelled());
    responses.onNext(GetResponse.getDefaultInstance()); // goes nowhere, harms nobody
  }

  @Test
  void streamEndsAtItsGreatestAgeHoweverMuchItMoves() throws Exception {
    Recorder recorder = new Recorder();
    ObjectsGrpc.newStub(
            ServerFixture.withContext(fixture.gateway(), fixture.access.contextFor("AKUSER")))
        .get(GetRequest.getDefaultInstance(), recorder);
    StreamObserver<GetResponse> responses = hanging.download.get(10, TimeUnit.SECONDS);
    for (int seconds = 0; seconds < Duration.ofHours(24).toSeconds(); seconds += 50) {
      assertThat(recorder.failure).isNotDone();
      fixture.time.advance(Duration.ofSeconds(50));
      responses.onNext(GetResponse.getDefaultInstance());
    }
    assertThat(Failures.info(recorder.failure.get(10, TimeUnit.SECONDS)).getReason())
        .isEqualTo("REQUEST_TIMEOUT");
  }

  @Test
  void oneCallTooManyIsRefusedAtOnceAndRoomComesBack() throws Exception {
    CompletableFuture<StatusRuntimeException> first = failureOf(this::hang);
    CompletableFuture<StatusRuntimeException> second = failureOf(this::hang);
    hanging.entered();
    hanging.entered();
    assertThat(Failures.reasonOf(this::hang)).isEqualTo("OVERLOADED");
    hanging.release.countDown();
    CompletableFuture.allOf(first, second).get(10, TimeUnit.SECONDS);
    await().untilAsserted(this::hang);
  }

  @Test
  void throwingServiceTellsItsCallerNothingButTheRequestsId() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> ends = new AtomicReference<>();
    var stub =
        AdminGrpc.newBlockingStub(fixture.operator())
            .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, ends));
    StatusRuntimeException failure =
        Failures.failure(() -> stub.getStatus(GetStatusRequest.getDefaultInstance()));
    assertThat(Failures.info(failure).getReason()).isEqualTo("INTERNAL");
    assertThat(failure.toString()).doesNotContain("hush");
    assertThat(ends.get().get(CallKeys.REQUEST_ID_METADATA))
        .matches("[0-9A-F]{16}")
        .isEqualTo(Failures.info(failure).getMetadataMap().get("request_id"));
  }

  @Test
  void requestIdOfAGatewayIsPassedOnAndNobodyElses() {
    CallContext context = CallContext.newBuilder().setRequestId("GATEWAYS-ID").build();
    assertThat(requestId(ServerFixture.withContext(fixture.gateway(), context)))
        .isEqualTo("GATEWAYS-ID");
    assertThat(requestId(ServerFixture.withContext(fixture.operator(), context)))
        .matches("[0-9A-F]{16}");
  }

  @Test
  void contextThatCannotBeReadIsRefusedEvenFromAGateway() {
    Metadata headers = new Metadata();
    headers.put(CallKeys.CONTEXT, new byte[] {(byte) 0xff});
    assertThat(
            Failures.reasonOf(() -> {
              GetStatusResponse _ =
                  AdminGrpc.newBlockingStub(ServerFixture.with(fixture.gateway(), headers))
                      .getStatus(GetStatusRequest.getDefaultInstance());
            }))
        .isEqualTo("CREDENTIALS_MALFORMED");
  }

  private static String requestId(io.grpc.Channel channel) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    StatusRuntimeException failure =
        Failures.failure(() ->
            AdminGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                .getStatus(GetStatusRequest.getDefaultInstance()));
    assertThat(failure).isNotNull();
    return Objects.requireNonNull(trailers.get().get(CallKeys.REQUEST_ID_METADATA));
  }

  private void hang() {
    GetCapabilitiesResponse _ =
        AdminGrpc.newBlockingStub(fixture.operator())
            .getCapabilities(GetCapabilitiesRequest.getDefaultInstance());
  }

  private static CompletableFuture<StatusRuntimeException> failureOf(Runnable call) {
    CompletableFuture<StatusRuntimeException> failure = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            call.run();
            failure.complete(null);
          } catch (StatusRuntimeException e) {
            failure.complete(e);
          }
        });
    return failure;
  }

  /// One method throws what its callers must not see, the other stands still.
  private static final class AdminThatThrows extends AdminGrpc.AdminImplBase {
    private final Hanging hanging;

    AdminThatThrows(Hanging hanging) {
      this.hanging = hanging;
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> responses) {
      throw new IllegalStateException("hush");
    }

    @Override
    public void getCapabilities(
        GetCapabilitiesRequest request, StreamObserver<GetCapabilitiesResponse> responses) {
      hanging.hang();
      responses.onNext(GetCapabilitiesResponse.getDefaultInstance());
      responses.onCompleted();
    }
  }

  /// Stands still.
  private static final class Hanging extends ObjectsGrpc.ObjectsImplBase {
    private final Semaphore entries = new Semaphore(0);
    final CountDownLatch release = new CountDownLatch(1);
    final AtomicReference<Context> context = new AtomicReference<>();
    final CompletableFuture<StreamObserver<GetResponse>> download = new CompletableFuture<>();

    void entered() throws InterruptedException {
      assertThat(entries.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    void hang() {
      context.set(Context.current());
      entries.release();
      try {
        release.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> responses) {
      context.set(Context.current());
      download.complete(responses);
    }
  }

  private static final class Recorder implements StreamObserver<GetResponse> {
    final CountDownLatch messages = new CountDownLatch(100);
    final CompletableFuture<StatusRuntimeException> failure = new CompletableFuture<>();

    @Override
    public void onNext(GetResponse response) {
      messages.countDown();
    }

    @Override
    public void onError(Throwable thrown) {
      failure.complete((StatusRuntimeException) thrown);
    }

    @Override
    public void onCompleted() {
      failure.complete(null);
    }
  }

  @Test
  void callsStayWithinAQuarterOfTheHeap() {
    CallLimits limits = CallLimits.usual();
    assertThat(limits.withinHeap(1L << 30).maxCallsInFlight()).isEqualTo(204);
    assertThat(limits.withinHeap(256L << 20).maxCallsInFlight()).isEqualTo(128);
    assertThat(limits.withinHeap(1L << 40).maxCallsInFlight()).isEqualTo(4096);
  }
}
