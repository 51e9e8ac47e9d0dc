package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.AccessGrpc;
import skarb.v1.UserInfo;
import skarb.v1.VerifySignatureRequest;
import skarb.v1.VerifySignatureResponse;

/// The question as the node sees it, and what its answers mean.
class NodeSignatureServiceTest {
  private static final SignatureService.Claim CLAIM =
      new SignatureService.Claim(
          "KEY", new CredentialScope("20130524", "us-east-1", "s3"), "text", "a".repeat(64));

  /// Answers every question with one thing, or not at all.
  private static final class ScriptedAccess extends AccessGrpc.AccessImplBase {
    final List<VerifySignatureRequest> requests = new ArrayList<>();
    @Nullable VerifySignatureResponse response;
    @Nullable RuntimeException error;

    @Override
    public void verifySignature(
        VerifySignatureRequest request, StreamObserver<VerifySignatureResponse> observer) {
      requests.add(request);
      if (response != null) {
        observer.onNext(response);
        observer.onCompleted();
      } else if (error != null) {
        observer.onError(error);
      }
    }
  }

  private final ScriptedAccess access = new ScriptedAccess();
  private @Nullable Server server;
  private @Nullable ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name).directExecutor().addService(access).build().start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  @AfterEach
  void stop() {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (server != null) {
      server.shutdownNow();
    }
  }

  private SignatureService service(Duration deadline) {
    assertThat(channel).isNotNull();
    return new NodeSignatureService(java.util.Objects.requireNonNull(channel), deadline);
  }

  private SignatureService service() {
    return service(Duration.ofSeconds(10));
  }

  private static RuntimeException status(Status.Code code, String reason) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason(reason).build()))
            .build());
  }

  @Test
  void aVerifiedSignatureGivesPrincipalAndKey() {
    access.response =
        VerifySignatureResponse.newBuilder()
            .setKeyGeneration(7)
            .setSigningKey(ByteString.copyFrom(new byte[32]))
            .setUser(UserInfo.newBuilder().setUserId("u").setDisplayName("U"))
            .build();

    SignatureService.Verdict verdict = service().verify(CLAIM);

    assertThat(verdict)
        .isInstanceOfSatisfying(
            SignatureService.Verdict.Verified.class,
            verified ->
                assertThat(verified.principal()).isEqualTo(new Principal("KEY", 7, "u", "U")));
    assertThat(access.requests)
        .containsExactly(
            VerifySignatureRequest.newBuilder()
                .setAccessKeyId("KEY")
                .setDate("20130524")
                .setRegion("us-east-1")
                .setService("s3")
                .setStringToSign("text")
                .setSignature("a".repeat(64))
                .build());
  }

  @Test
  void reasonsBecomeVerdicts() {
    access.error = status(Status.Code.UNAUTHENTICATED, "NO_SUCH_ACCESS_KEY");
    assertThat(service().verify(CLAIM)).isEqualTo(new SignatureService.Verdict.NoSuchKey());

    access.error = status(Status.Code.UNAUTHENTICATED, "SIGNATURE_MISMATCH");
    assertThat(service().verify(CLAIM)).isEqualTo(new SignatureService.Verdict.Mismatch());
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE,SHUTTING_DOWN,SERVICE_UNAVAILABLE",
    "RESOURCE_EXHAUSTED,OVERLOADED,SLOW_DOWN",
    "PERMISSION_DENIED,ROLE_DENIED,INTERNAL_ERROR",
    "UNAUTHENTICATED,CREDENTIALS_MISSING,INTERNAL_ERROR",
    "INTERNAL,INTERNAL,INTERNAL_ERROR"
  })
  void otherFailuresAreNobodysFault(Status.Code code, String reason, S3Error error) {
    access.error = status(code, reason);

    S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> service().verify(CLAIM));

    assertThat(refusal.error()).isEqualTo(error);
  }

  @Test
  void aStatusWithoutDetailsIsUnderstoodByItsCode() {
    access.error = Status.UNAVAILABLE.asRuntimeException();

    S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> service().verify(CLAIM));

    assertThat(refusal.error()).isEqualTo(S3Error.SERVICE_UNAVAILABLE);
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedForForEver() {
    S3Exception refusal =
        catchThrowableOfType(S3Exception.class, () -> service(Duration.ofMillis(50)).verify(CLAIM));

    assertThat(refusal.error()).isEqualTo(S3Error.SERVICE_UNAVAILABLE);
  }
}
