package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.AdminGrpc;
import skarb.v1.GetCapabilitiesRequest;
import skarb.v1.GetCapabilitiesResponse;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.ObjectsGrpc;

/// Health is asked for by strangers: it takes no place of other calls, and they take none of its.
class HealthPlacesTest {
  private static final int MAX_CALLS = 2;
  private static final CallLimits LIMITS =
      new CallLimits(
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          Duration.ofHours(24),
          4096,
          MAX_CALLS,
          1000);

  @TempDir Path directory;
  private ServerFixture fixture;
  private Channel stranger;
  private Channel user;
  private final List<CancellableContext> open = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    fixture = new ServerFixture(directory, LIMITS, new Capabilities(), new StandingDownloads());
    fixture.servers.setServing(true);
    stranger = fixture.networkChannel();
    user = ServerFixture.withBearer(fixture.networkChannel(), fixture.access.tokenFor("AKUSER"));
  }

  @AfterEach
  void stop() {
    open.forEach(context -> context.cancel(null));
    fixture.close();
  }

  @Test
  void watchesOfStrangersKeepNobodyElseOut() throws Exception {
    for (int i = 0; i < CallLimits.MAX_HEALTH_CALLS; i++) {
      assertThat(watch().get(10, TimeUnit.SECONDS)).isEqualTo("SERVING");
    }
    assertThat(watch().get(10, TimeUnit.SECONDS)).isEqualTo("OVERLOADED");
    capabilities();
    assertThat(check()).isEqualTo(ServingStatus.SERVING);
    open.getFirst().cancel(null);
    await().untilAsserted(() -> assertThat(watch().get(10, TimeUnit.SECONDS)).isEqualTo("SERVING"));
  }

  @Test
  void healthAnswersWhileTheNodeIsFull() throws Exception {
    for (int i = 0; i < MAX_CALLS; i++) {
      assertThat(download().get(10, TimeUnit.SECONDS)).isEqualTo("runs");
    }
    assertThat(Failures.reasonOf(this::capabilities)).isEqualTo("OVERLOADED");
    assertThat(check()).isEqualTo(ServingStatus.SERVING);
    assertThat(watch().get(10, TimeUnit.SECONDS)).isEqualTo("SERVING");
  }

  @Test
  void checksGiveTheirPlacesBack() {
    for (int i = 0; i < 2 * CallLimits.MAX_HEALTH_CALLS; i++) {
      assertThat(check()).isEqualTo(ServingStatus.SERVING);
    }
  }

  private ServingStatus check() {
    return HealthGrpc.newBlockingStub(stranger)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private void capabilities() {
    GetCapabilitiesResponse _ =
        AdminGrpc.newBlockingStub(user)
            .getCapabilities(GetCapabilitiesRequest.getDefaultInstance());
  }

  /// The first status that a new watch tells, or the reason why there is none.
  private CompletableFuture<String> watch() {
    First<HealthCheckResponse> first = new First<>(response -> response.getStatus().name());
    stay(() -> HealthGrpc.newStub(stranger).watch(HealthCheckRequest.getDefaultInstance(), first));
    return first.told;
  }

  private CompletableFuture<String> download() {
    First<GetResponse> first = new First<>(_ -> "runs");
    stay(() -> ObjectsGrpc.newStub(user).get(GetRequest.getDefaultInstance(), first));
    return first.told;
  }

  private void stay(Runnable call) {
    CancellableContext context = Context.current().withCancellation();
    open.add(context);
    context.run(call);
  }

  /// What a stream tells first.
  private static final class First<A> implements StreamObserver<A> {
    private final Function<A, String> name;
    final CompletableFuture<String> told = new CompletableFuture<>();

    First(Function<A, String> name) {
      this.name = name;
    }

    @Override
    public void onNext(A message) {
      told.complete(name.apply(message));
    }

    @Override
    public void onError(Throwable thrown) {
      if (!told.isDone()) {
        told.complete(Failures.info((StatusRuntimeException) thrown).getReason());
      }
    }

    @Override
    public void onCompleted() {
      told.complete("completed");
    }
  }

  private static final class Capabilities extends AdminGrpc.AdminImplBase {
    @Override
    public void getCapabilities(
        GetCapabilitiesRequest request, StreamObserver<GetCapabilitiesResponse> responses) {
      responses.onNext(GetCapabilitiesResponse.getDefaultInstance());
      responses.onCompleted();
    }
  }

  /// Downloads that begin and then stand still.
  private static final class StandingDownloads extends ObjectsGrpc.ObjectsImplBase {
    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> responses) {
      responses.onNext(GetResponse.getDefaultInstance());
    }
  }
}
