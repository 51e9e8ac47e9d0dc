package skarb.s3.fake;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import skarb.v1.ErrorReason;

/// Failures as the node words them.
public final class Errors {
  private Errors() {}

  public static StatusRuntimeException of(
      Status.Code code, ErrorReason reason, Map<String, String> metadata) {
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage("from the fake node")
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain("skarb")
                        .setReason(reason.name().substring("ERROR_REASON_".length()))
                        .putAllMetadata(metadata)
                        .build()))
            .build());
  }

  static StatusRuntimeException noSuchBucket(String bucket) {
    return of(
        Status.Code.NOT_FOUND, ErrorReason.ERROR_REASON_NO_SUCH_BUCKET, Map.of("bucket", bucket));
  }

  static StatusRuntimeException noSuchKey(String bucket, String key) {
    return of(
        Status.Code.NOT_FOUND,
        ErrorReason.ERROR_REASON_NO_SUCH_KEY,
        Map.of("bucket", bucket, "key", key));
  }

  static StatusRuntimeException preconditionFailed(String condition) {
    return of(
        Status.Code.FAILED_PRECONDITION,
        ErrorReason.ERROR_REASON_PRECONDITION_FAILED,
        Map.of("condition", condition));
  }

  static StatusRuntimeException invalid(ErrorReason reason) {
    return of(Status.Code.INVALID_ARGUMENT, reason, Map.of());
  }
}
