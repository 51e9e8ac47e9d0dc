package skarb.node.service;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.disk.CorruptFileException;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// The one place where errors become gRPC's: a status, and in its details an `ErrorInfo` with the
/// domain `skarb`, the reason and its facts. What nobody foresaw is logged with the request's id
/// and told as INTERNAL with that id: no text, no path and no stack trace of ours leaves the node.
final class StatusMapper {
  private static final Logger LOG = LoggerFactory.getLogger(StatusMapper.class);
  private static final String DOMAIN = "skarb";
  private static final String PREFIX = "ERROR_REASON_";

  /// As long as the longest key.
  private static final int MAX_FACT_LENGTH = 1024;

  private StatusMapper() {}

  /// What a call is closed with.
  record Closing(Status status, Metadata trailers) {}

  /// Maps whatever a call failed with.
  static Closing map(Throwable failure, String requestId) {
    if (failure instanceof NodeException known && isDamage(known)) {
      return damaged(known, known.metadata(), requestId);
    }
    if (failure instanceof CorruptFileException corrupt) {
      return damaged(corrupt, Map.of(), requestId);
    }
    if (failure instanceof NodeException known && !isFault(known)) {
      return of(known);
    }
    if (failure instanceof StatusRuntimeException runtime && isOurs(runtime.getStatus())) {
      return new Closing(runtime.getStatus(), trailers(runtime.getTrailers()));
    }
    if (failure instanceof StatusException checked && isOurs(checked.getStatus())) {
      return new Closing(checked.getStatus(), trailers(checked.getTrailers()));
    }
    LOG.error("request {} failed", requestId, failure);
    return of(
        new NodeException(
            ErrorReason.ERROR_REASON_INTERNAL,
            "a fault of the node, logged under the request's id",
            Map.of("request_id", requestId)));
  }

  /// Says so with the message of all damage: its own names files.
  private static Closing damaged(Throwable damage, Map<String, String> metadata, String requestId) {
    LOG.error("request {}: {}", requestId, damage.getMessage(), damage.getCause());
    return of(
        new NodeException(
            ErrorReason.ERROR_REASON_DATA_DAMAGED,
            "stored bytes do not match their checksum",
            metadata));
  }

  private static boolean isDamage(NodeException failure) {
    return failure.reason() == ErrorReason.ERROR_REASON_DATA_DAMAGED;
  }

  private static boolean isFault(NodeException failure) {
    return failure.reason() == ErrorReason.ERROR_REASON_INTERNAL;
  }

  private static boolean isOurs(Status status) {
    return status.getCode() != Status.Code.UNKNOWN && status.getCode() != Status.Code.OK;
  }

  private static Metadata trailers(@Nullable Metadata trailers) {
    return trailers == null ? new Metadata() : trailers;
  }

  private static Closing of(NodeException failure) {
    if (failure.getCause() != null) {
      LOG.error("{}: {}", reasonName(failure.reason()), failure.getMessage(), failure.getCause());
    }
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reasonName(failure.reason()));
    failure.metadata().forEach((name, value) -> info.putMetadata(name, shortened(value)));
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    StatusRuntimeException status =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(code(failure.reason()).value())
                .setMessage(message)
                .addDetails(Any.pack(info.build()))
                .build());
    return new Closing(status.getStatus(), trailers(status.getTrailers()));
  }

  /// Facts may repeat what the caller sent, which may be far longer than anything that is valid.
  private static String shortened(String value) {
    return value.length() <= MAX_FACT_LENGTH ? value : value.substring(0, MAX_FACT_LENGTH) + "…";
  }

  /// The reason's stable name, without its prefix.
  static String reasonName(ErrorReason reason) {
    String name = reason.name();
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  /// The code that `errors.proto` names for a reason.
  static Status.Code code(ErrorReason reason) {
    return switch (reason) {
      case ERROR_REASON_CREDENTIALS_MISSING,
          ERROR_REASON_CREDENTIALS_MALFORMED,
          ERROR_REASON_NO_SUCH_ACCESS_KEY,
          ERROR_REASON_SIGNATURE_MISMATCH,
          ERROR_REASON_TOKEN_EXPIRED,
          ERROR_REASON_REQUEST_TIME_SKEWED,
          ERROR_REASON_KEY_CHANGED ->
          Status.Code.UNAUTHENTICATED;
      case ERROR_REASON_ACCESS_DENIED, ERROR_REASON_ROLE_DENIED, ERROR_REASON_INVITATION_INVALID ->
          Status.Code.PERMISSION_DENIED;
      case ERROR_REASON_NO_SUCH_BUCKET,
          ERROR_REASON_NO_SUCH_KEY,
          ERROR_REASON_NO_SUCH_VERSION,
          ERROR_REASON_NO_SUCH_USER,
          ERROR_REASON_DELETE_MARKER,
          ERROR_REASON_NO_SUCH_UPLOAD,
          ERROR_REASON_NO_SUCH_PEER,
          ERROR_REASON_NO_SUCH_CONFLICT ->
          Status.Code.NOT_FOUND;
      case ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU,
          ERROR_REASON_BUCKET_ALREADY_EXISTS,
          ERROR_REASON_USER_ALREADY_EXISTS,
          ERROR_REASON_ACCESS_KEY_ALREADY_EXISTS ->
          Status.Code.ALREADY_EXISTS;
      case ERROR_REASON_BUCKET_NOT_EMPTY,
          ERROR_REASON_PRECONDITION_FAILED,
          ERROR_REASON_NOT_MODIFIED,
          ERROR_REASON_USER_HAS_KEYS,
          ERROR_REASON_CONDITION_REQUIRED,
          ERROR_REASON_SYNC_REFUSED,
          ERROR_REASON_SYNC_GAP,
          ERROR_REASON_SYNC_FORK,
          ERROR_REASON_SYNC_ROLLED_BACK,
          ERROR_REASON_JOIN_REFUSED ->
          Status.Code.FAILED_PRECONDITION;
      case ERROR_REASON_INVALID_ARGUMENT,
          ERROR_REASON_INVALID_BUCKET_NAME,
          ERROR_REASON_KEY_TOO_LONG,
          ERROR_REASON_METADATA_TOO_LARGE,
          ERROR_REASON_ENTITY_TOO_LARGE,
          ERROR_REASON_INCOMPLETE_BODY,
          ERROR_REASON_MD5_MISMATCH,
          ERROR_REASON_CONTENT_SHA256_MISMATCH,
          ERROR_REASON_CHECKSUM_MISMATCH,
          ERROR_REASON_FRAME_CHECKSUM_MISMATCH,
          ERROR_REASON_STREAM_PROTOCOL,
          ERROR_REASON_INVALID_PAGE_TOKEN,
          ERROR_REASON_INVALID_VERSION_ID,
          ERROR_REASON_INVALID_PART,
          ERROR_REASON_INVALID_PART_ORDER,
          ERROR_REASON_ENTITY_TOO_SMALL,
          ERROR_REASON_CHECKSUM_TYPE_MISMATCH,
          ERROR_REASON_INVALID_CHECKSUM_TYPE,
          ERROR_REASON_ILLEGAL_COPY,
          ERROR_REASON_COPY_SOURCE_TOO_LARGE,
          ERROR_REASON_INVALID_COPY_RANGE ->
          Status.Code.INVALID_ARGUMENT;
      case ERROR_REASON_INVALID_RANGE, ERROR_REASON_NO_SUCH_PART -> Status.Code.OUT_OF_RANGE;
      case ERROR_REASON_OVERLOADED, ERROR_REASON_DISK_FULL -> Status.Code.RESOURCE_EXHAUSTED;
      case ERROR_REASON_REQUEST_TIMEOUT -> Status.Code.DEADLINE_EXCEEDED;
      case ERROR_REASON_READ_ONLY,
          ERROR_REASON_CLOCK_SKEW,
          ERROR_REASON_SHUTTING_DOWN,
          ERROR_REASON_BODY_NOT_HERE ->
          Status.Code.UNAVAILABLE;
      case ERROR_REASON_DATA_DAMAGED -> Status.Code.DATA_LOSS;
      case ERROR_REASON_NOT_IMPLEMENTED -> Status.Code.UNIMPLEMENTED;
      case ERROR_REASON_INTERNAL, ERROR_REASON_UNSPECIFIED, UNRECOGNIZED -> Status.Code.INTERNAL;
    };
  }
}
