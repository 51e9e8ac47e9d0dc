package skarb.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one place where gRPC's errors become [SkarbException]s.
final class Failures {
  static final Metadata.Key<String> REQUEST_ID =
      Metadata.Key.of("skarb-request-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final String DOMAIN = "skarb";

  private Failures() {}

  /// @param requestId from the answer's headers; null where none came or it was not there
  static SkarbException of(Status status, Metadata trailers, @Nullable String requestId) {
    Optional<ErrorInfo> info = errorInfo(status, trailers);
    String id = requestId == null ? trailers.get(REQUEST_ID) : requestId;
    Reason reason =
        info.map(known -> Reason.named(known.getReason())).orElseGet(() -> reasonOf(status));
    String description = status.getDescription();
    return SkarbException.of(
        new SkarbException.Details(
            reason,
            StatusCode.valueOf(status.getCode().name()),
            Optional.ofNullable(id),
            info.map(ErrorInfo::getMetadataMap).orElse(Map.of()),
            description == null || description.isEmpty()
                ? "the call failed with " + status.getCode()
                : description,
            status.getCause()));
  }

  private static Optional<ErrorInfo> errorInfo(Status status, Metadata trailers) {
    com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
    if (details == null) {
      return Optional.empty();
    }
    for (Any detail : details.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          if (info.getDomain().equals(DOMAIN)) {
            return Optional.of(info);
          }
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty(); // the status itself still says what kind of failure it is
        }
      }
    }
    return Optional.empty();
  }

  /// Of a status that is gRPC's own, not the node's.
  private static Reason reasonOf(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE -> Reason.CONNECTION_FAILED;
      case DEADLINE_EXCEEDED -> Reason.DEADLINE_EXCEEDED;
      case CANCELLED -> Reason.CANCELLED;
      case UNIMPLEMENTED -> Reason.NOT_IMPLEMENTED;
      case DATA_LOSS -> Reason.DAMAGED_ON_THE_WAY;
      case UNAUTHENTICATED -> Reason.CREDENTIALS_MISSING;
      case OK,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL ->
          Reason.UNKNOWN;
    };
  }

  /// The stream from the server makes no sense or is damaged.
  static SkarbException damaged(String message) {
    return SkarbException.local(Reason.DAMAGED_ON_THE_WAY, StatusCode.DATA_LOSS, message);
  }

  static SkarbException closed() {
    return SkarbException.local(
        Reason.CLIENT_CLOSED, StatusCode.CANCELLED, "the client was closed");
  }
}
