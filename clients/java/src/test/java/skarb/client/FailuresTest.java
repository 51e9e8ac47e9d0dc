package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import skarb.v1.ErrorReason;

class FailuresTest {
  /// But for those that sites tell each other.
  @Test
  void everyReasonOfTheProtocolIsKnown() {
    for (ErrorReason reason : ErrorReason.values()) {
      if (reason != ErrorReason.UNRECOGNIZED && reason != ErrorReason.ERROR_REASON_UNSPECIFIED) {
        String name = reason.name().substring("ERROR_REASON_".length());
        assertThat(Reason.named(name).name())
            .isEqualTo(name.startsWith("SYNC_") ? "UNKNOWN" : name);
      }
    }
  }

  @Test
  void everyCodeHasItsStatusAndException() {
    for (Status.Code code : Status.Code.values()) {
      SkarbException failure = Failures.of(code.toStatus(), new Metadata(), null);
      assertThat(failure.status().name()).isEqualTo(code.name());
      assertThat(failure.requestId()).isEmpty();
    }
    assertThat(of(Status.Code.NOT_FOUND, "NO_SUCH_KEY"))
        .isInstanceOf(SkarbException.NotFound.class);
    assertThat(of(Status.Code.FAILED_PRECONDITION, "NOT_MODIFIED"))
        .isInstanceOf(SkarbException.NotModified.class);
    assertThat(of(Status.Code.FAILED_PRECONDITION, "PRECONDITION_FAILED"))
        .isInstanceOf(SkarbException.FailedPrecondition.class);
    assertThat(of(Status.Code.OUT_OF_RANGE, "INVALID_RANGE"))
        .isInstanceOf(SkarbException.InvalidRequest.class);
    assertThat(of(Status.Code.DATA_LOSS, "DATA_DAMAGED"))
        .isInstanceOf(SkarbException.DataDamaged.class);
  }

  @Test
  void reasonFactsAndRequestIdAreTold() {
    SkarbException failure = of(Status.Code.NOT_FOUND, "NO_SUCH_BUCKET");
    assertThat(failure.reason()).isEqualTo(Reason.NO_SUCH_BUCKET);
    assertThat(failure.facts()).isEqualTo(Map.of("bucket", "b"));
    assertThat(failure.requestId()).contains("R1");
    assertThat(failure).hasMessage("for people (NO_SUCH_BUCKET, request R1)");
    assertThat(failure.seenFromHere()).hasCause(failure).hasMessage(failure.getMessage());
  }

  @Test
  void reasonOfALaterServerIsUnknownAndItsCodeStillTells() {
    SkarbException failure = of(Status.Code.PERMISSION_DENIED, "NO_LUCK_TODAY");
    assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(failure).isInstanceOf(SkarbException.AccessDenied.class);
  }

  @Test
  void whatGrpcItselfTellsHasReasonsOfTheClient() {
    assertThat(Failures.of(Status.UNAVAILABLE, new Metadata(), null).reason())
        .isEqualTo(Reason.CONNECTION_FAILED);
    assertThat(Failures.of(Status.DEADLINE_EXCEEDED, new Metadata(), null).reason())
        .isEqualTo(Reason.DEADLINE_EXCEEDED);
    assertThat(Failures.of(Status.INTERNAL, new Metadata(), null).reason())
        .isEqualTo(Reason.UNKNOWN);
  }

  private static SkarbException of(Status.Code code, String reason) {
    StatusRuntimeException error = FakeNode.error(code, reason);
    Metadata trailers = error.getTrailers();
    return Failures.of(error.getStatus(), trailers == null ? new Metadata() : trailers, "R1");
  }
}
