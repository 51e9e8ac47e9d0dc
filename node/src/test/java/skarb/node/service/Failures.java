package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// Reads what calls fail with.
final class Failures {
  private Failures() {}

  /// The details of a call's failure.
  static ErrorInfo infoOf(ThrowingCallable call) {
    return info(failure(call));
  }

  /// The reason that a call fails with.
  static String reasonOf(ThrowingCallable call) {
    return infoOf(call).getReason();
  }

  static StatusRuntimeException failure(ThrowingCallable call) {
    Throwable thrown = Assertions.catchThrowable(call);
    assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
    return (StatusRuntimeException) thrown;
  }

  static ErrorInfo info(StatusRuntimeException failure) {
    com.google.rpc.Status status = Objects.requireNonNull(StatusProto.fromThrowable(failure));
    assertThat(status.getDetailsList()).as("%s", failure).isNotEmpty();
    Any detail = status.getDetails(0);
    try {
      ErrorInfo info = detail.unpack(ErrorInfo.class);
      assertThat(info.getDomain()).isEqualTo("skarb");
      return info;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not an ErrorInfo: " + detail, e);
    }
  }

  static Status.Code codeOf(ThrowingCallable call) {
    return failure(call).getStatus().getCode();
  }
}
