package skarb.s3.error;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.v1.ErrorReason;

/// From what the node says to what S3 says. The one place that knows both worlds: the switch over
/// [ErrorReason] has no default, so a new reason does not compile until it has an answer.
public final class ErrorMapper {
  private static final String REASON_PREFIX = "ERROR_REASON_";
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private ErrorMapper() {}

  /// What of the request matters for the answer.
  ///
  /// @param copies whether what is read is the source of a copy
  /// @param range its Range header; empty where it has none
  public record Asked(boolean copies, String range) {
    /// Nothing special.
    public static final Asked PLAIN = new Asked(false, "");
  }

  /// The error for a failed call to the node.
  public static S3Exception map(StatusRuntimeException failure, Asked asked) {
    ErrorInfo info = info(failure);
    if (info == null) {
      return new S3Exception(byCode(failure));
    }
    return map(reason(info.getReason()), info.getMetadataMap(), asked);
  }

  /// The error for a reason by its name without prefix, as DeleteBatch gives it.
  public static S3Exception map(String reason, Asked asked) {
    return map(reason(reason), Map.of(), asked);
  }

  /// The reason of a failed call; empty where the node gave none that is known here.
  public static Optional<ErrorReason> reason(StatusRuntimeException failure) {
    ErrorInfo info = info(failure);
    return info == null
        ? Optional.empty()
        : Optional.of(reason(info.getReason())).filter(r -> r != ErrorReason.UNRECOGNIZED);
  }

  private static S3Exception map(ErrorReason reason, Map<String, String> meta, Asked asked) {
    return switch (reason) {
      case ERROR_REASON_CREDENTIALS_MISSING,
          ERROR_REASON_ACCESS_DENIED,
          ERROR_REASON_TOKEN_EXPIRED ->
          plain(S3Error.ACCESS_DENIED);
      case ERROR_REASON_CREDENTIALS_MALFORMED -> plain(S3Error.AUTHORIZATION_HEADER_MALFORMED);
      case ERROR_REASON_NO_SUCH_ACCESS_KEY ->
          detailed(S3Error.INVALID_ACCESS_KEY_ID, meta, "access_key_id", "AWSAccessKeyId");
      case ERROR_REASON_SIGNATURE_MISMATCH -> plain(S3Error.SIGNATURE_DOES_NOT_MATCH);
      case ERROR_REASON_REQUEST_TIME_SKEWED -> plain(S3Error.REQUEST_TIME_TOO_SKEWED);
      // Asked again, the request is judged by the key as it is now.
      case ERROR_REASON_KEY_CHANGED -> plain(S3Error.SERVICE_UNAVAILABLE);
      // The gateway's own role is too small: a fault of the installation, never the client's.
      case ERROR_REASON_ROLE_DENIED, ERROR_REASON_INVITATION_INVALID ->
          plain(S3Error.INTERNAL_ERROR);

      case ERROR_REASON_NO_SUCH_BUCKET ->
          detailed(S3Error.NO_SUCH_BUCKET, meta, "bucket", "BucketName");
      case ERROR_REASON_NO_SUCH_KEY -> noSuchKey(meta, asked);
      case ERROR_REASON_NO_SUCH_VERSION -> noSuchVersion(meta);
      case ERROR_REASON_NO_SUCH_USER -> plain(S3Error.ACCESS_DENIED);
      case ERROR_REASON_DELETE_MARKER -> deleteMarker(meta, asked);
      case ERROR_REASON_NO_SUCH_UPLOAD ->
          detailed(S3Error.NO_SUCH_UPLOAD, meta, "upload_id", "UploadId");

      case ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU ->
          detailed(S3Error.BUCKET_ALREADY_OWNED_BY_YOU, meta, "bucket", "BucketName");
      case ERROR_REASON_BUCKET_ALREADY_EXISTS ->
          detailed(S3Error.BUCKET_ALREADY_EXISTS, meta, "bucket", "BucketName");

      case ERROR_REASON_BUCKET_NOT_EMPTY ->
          detailed(S3Error.BUCKET_NOT_EMPTY, meta, "bucket", "BucketName");
      case ERROR_REASON_PRECONDITION_FAILED ->
          detailed(S3Error.PRECONDITION_FAILED, meta, "condition", "Condition");
      case ERROR_REASON_NOT_MODIFIED -> notModified(meta);
      case ERROR_REASON_CONDITION_REQUIRED ->
          new S3Exception(
              S3Error.ACCESS_DENIED,
              "This bucket takes overwrites with If-Match or If-None-Match only.");

      case ERROR_REASON_INVALID_ARGUMENT -> invalidArgument(meta);
      case ERROR_REASON_INVALID_BUCKET_NAME ->
          detailed(S3Error.INVALID_BUCKET_NAME, meta, "bucket", "BucketName");
      case ERROR_REASON_KEY_TOO_LONG -> sized(S3Error.KEY_TOO_LONG, meta, "Size", "MaxSizeAllowed");
      case ERROR_REASON_METADATA_TOO_LARGE ->
          sized(S3Error.METADATA_TOO_LARGE, meta, "Size", "MaxSizeAllowed");
      case ERROR_REASON_ENTITY_TOO_LARGE ->
          sized(S3Error.ENTITY_TOO_LARGE, meta, "ProposedSize", "MaxSizeAllowed");
      case ERROR_REASON_INCOMPLETE_BODY -> plain(S3Error.INCOMPLETE_BODY);
      case ERROR_REASON_MD5_MISMATCH -> plain(S3Error.BAD_DIGEST);
      case ERROR_REASON_CONTENT_SHA256_MISMATCH -> plain(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH);
      case ERROR_REASON_CHECKSUM_MISMATCH -> checksumMismatch(meta);
      case ERROR_REASON_INVALID_PAGE_TOKEN ->
          new S3Exception(S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect");
      case ERROR_REASON_INVALID_VERSION_ID ->
          new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid version id specified");
      case ERROR_REASON_INVALID_RANGE -> invalidRange(meta, asked);
      case ERROR_REASON_NO_SUCH_PART -> noSuchPart(meta);
      case ERROR_REASON_INVALID_PART ->
          detailed(S3Error.INVALID_PART, meta, "part_number", "PartNumber");
      case ERROR_REASON_INVALID_PART_ORDER -> plain(S3Error.INVALID_PART_ORDER);
      case ERROR_REASON_ENTITY_TOO_SMALL -> entityTooSmall(meta);
      case ERROR_REASON_CHECKSUM_TYPE_MISMATCH -> checksumTypeMismatch(meta);
      case ERROR_REASON_INVALID_CHECKSUM_TYPE ->
          new S3Exception(
              S3Error.INVALID_REQUEST,
              "The "
                  + meta.getOrDefault("checksum_type", "")
                  + " checksum type cannot be used with the "
                  + meta.getOrDefault("algorithm", "")
                  + " checksum algorithm.");
      case ERROR_REASON_ILLEGAL_COPY ->
          new S3Exception(
              S3Error.INVALID_REQUEST,
              "This copy request is illegal because it is trying to copy an object to itself without"
                  + " changing the object's metadata, storage class, website redirect location or"
                  + " encryption attributes.");
      case ERROR_REASON_COPY_SOURCE_TOO_LARGE ->
          new S3Exception(
              S3Error.INVALID_REQUEST,
              "The specified copy source is larger than the maximum allowable size for a copy source: "
                  + meta.getOrDefault("max_size", ""));
      case ERROR_REASON_INVALID_COPY_RANGE ->
          new S3Exception(
              S3Error.INVALID_ARGUMENT,
              "Range specified is not valid for source object of size: "
                  + meta.getOrDefault("size", ""));

      case ERROR_REASON_OVERLOADED -> plain(S3Error.SLOW_DOWN);
      case ERROR_REASON_DISK_FULL -> plain(S3Error.INSUFFICIENT_STORAGE);
      case ERROR_REASON_REQUEST_TIMEOUT -> plain(S3Error.REQUEST_TIMEOUT);
      case ERROR_REASON_READ_ONLY ->
          new S3Exception(
              S3Error.SERVICE_UNAVAILABLE, "The store takes no writes until it is restarted.");
      case ERROR_REASON_CLOCK_SKEW ->
          new S3Exception(
              S3Error.SERVICE_UNAVAILABLE, "The store takes no writes: its clock is behind.");
      case ERROR_REASON_SHUTTING_DOWN -> plain(S3Error.SERVICE_UNAVAILABLE);
      case ERROR_REASON_BODY_NOT_HERE ->
          new S3Exception(
              S3Error.SERVICE_UNAVAILABLE, "The object's bytes have not come from its site yet.");
      case ERROR_REASON_NOT_IMPLEMENTED -> plain(S3Error.NOT_IMPLEMENTED);

      // Between gateway and node: damage on the way, or a fault in one of the two.
      case ERROR_REASON_FRAME_CHECKSUM_MISMATCH,
          ERROR_REASON_STREAM_PROTOCOL,
          ERROR_REASON_DATA_DAMAGED,
          ERROR_REASON_INTERNAL ->
          plain(S3Error.INTERNAL_ERROR);
      // Answers to calls that a gateway never makes.
      case ERROR_REASON_USER_ALREADY_EXISTS,
          ERROR_REASON_ACCESS_KEY_ALREADY_EXISTS,
          ERROR_REASON_USER_HAS_KEYS,
          ERROR_REASON_NO_SUCH_PEER,
          ERROR_REASON_NO_SUCH_CONFLICT,
          ERROR_REASON_SYNC_REFUSED,
          ERROR_REASON_SYNC_GAP,
          ERROR_REASON_SYNC_FORK,
          ERROR_REASON_SYNC_ROLLED_BACK,
          ERROR_REASON_JOIN_REFUSED ->
          plain(S3Error.INTERNAL_ERROR);
      case ERROR_REASON_UNSPECIFIED, UNRECOGNIZED -> plain(S3Error.INTERNAL_ERROR);
    };
  }

  private static S3Exception plain(S3Error error) {
    return new S3Exception(error);
  }

  private static S3Exception detailed(
      S3Error error, Map<String, String> meta, String from, String element) {
    String value = meta.get(from);
    return new S3Exception(
        error, error.message(), value == null ? Map.of() : Map.of(element, value), Map.of());
  }

  private static S3Exception sized(
      S3Error error, Map<String, String> meta, String sizeElement, String maxElement) {
    Map<String, String> details = new LinkedHashMap<>();
    copy(meta, "size", details, sizeElement);
    copy(meta, "max_size", details, maxElement);
    return new S3Exception(error, error.message(), details, Map.of());
  }

  private static S3Exception noSuchVersion(Map<String, String> meta) {
    Map<String, String> details = new LinkedHashMap<>();
    copy(meta, "key", details, "Key");
    copy(meta, "version_id", details, "VersionId");
    return new S3Exception(
        S3Error.NO_SUCH_VERSION, S3Error.NO_SUCH_VERSION.message(), details, Map.of());
  }

  /// A key that a delete marker hides is told from one that never was.
  private static S3Exception noSuchKey(Map<String, String> meta, Asked asked) {
    Map<String, String> details = new LinkedHashMap<>();
    copy(meta, "key", details, "Key");
    Map<String, String> headers = new LinkedHashMap<>();
    if (meta.containsKey("delete_marker_version_id") && !asked.copies()) {
      headers.put("x-amz-delete-marker", "true");
      copy(meta, "delete_marker_version_id", headers, "x-amz-version-id");
    }
    return new S3Exception(S3Error.NO_SUCH_KEY, S3Error.NO_SUCH_KEY.message(), details, headers);
  }

  /// A delete marker that is asked for by its id can only be deleted.
  private static S3Exception deleteMarker(Map<String, String> meta, Asked asked) {
    if (asked.copies()) {
      return new S3Exception(
          S3Error.INVALID_REQUEST,
          "The source of a copy request may not specifically refer to a delete marker by version"
              + " id.");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Allow", "DELETE");
    headers.put("x-amz-delete-marker", "true");
    copy(meta, "version_id", headers, "x-amz-version-id");
    lastModified(meta, headers);
    return new S3Exception(
        S3Error.METHOD_NOT_ALLOWED,
        S3Error.METHOD_NOT_ALLOWED.message(),
        Map.of("Method", "GET", "ResourceType", "DeleteMarker"),
        headers);
  }

  private static S3Exception notModified(Map<String, String> meta) {
    Map<String, String> headers = new LinkedHashMap<>();
    String etag = meta.get("etag");
    if (etag != null) {
      headers.put("ETag", '"' + etag + '"');
    }
    lastModified(meta, headers);
    return new S3Exception(S3Error.NOT_MODIFIED, S3Error.NOT_MODIFIED.message(), Map.of(), headers);
  }

  private static void lastModified(Map<String, String> meta, Map<String, String> headers) {
    String millis = meta.get("last_modified_millis");
    if (millis != null) {
      headers.put("Last-Modified", HTTP_DATE.format(Instant.ofEpochMilli(Long.parseLong(millis))));
    }
  }

  private static S3Exception noSuchPart(Map<String, String> meta) {
    Map<String, String> details = new LinkedHashMap<>();
    copy(meta, "part_number", details, "PartNumberRequested");
    copy(meta, "parts_count", details, "ActualPartCount");
    return new S3Exception(
        S3Error.INVALID_PART_NUMBER, S3Error.INVALID_PART_NUMBER.message(), details, Map.of());
  }

  private static S3Exception entityTooSmall(Map<String, String> meta) {
    Map<String, String> details = new LinkedHashMap<>();
    copy(meta, "size", details, "ProposedSize");
    copy(meta, "min_size", details, "MinSizeAllowed");
    copy(meta, "part_number", details, "PartNumber");
    copy(meta, "etag", details, "ETag");
    return new S3Exception(
        S3Error.ENTITY_TOO_SMALL, S3Error.ENTITY_TOO_SMALL.message(), details, Map.of());
  }

  /// Two fields of a completion have errors of their own in S3.
  private static S3Exception invalidArgument(Map<String, String> meta) {
    return switch (meta.getOrDefault("field", "")) {
      case "parts.checksums" ->
          new S3Exception(
              S3Error.INVALID_REQUEST,
              "The upload was created using a "
                  + lowerCase(meta.get("algorithm"))
                  + " checksum. The complete request must include the checksum for each part. It was"
                  + " missing for part "
                  + meta.getOrDefault("part_number", "")
                  + " in the request.");
      case "object_size" ->
          new S3Exception(
              S3Error.INVALID_REQUEST,
              "The provided 'x-amz-mp-object-size' header value "
                  + meta.getOrDefault("expected", "")
                  + " does not match what was computed: "
                  + meta.getOrDefault("actual", ""));
      default -> detailed(S3Error.INVALID_ARGUMENT, meta, "field", "ArgumentName");
    };
  }

  /// Of algorithms, or of the ways in which an object's checksum comes about.
  private static S3Exception checksumTypeMismatch(Map<String, String> meta) {
    String expected = meta.getOrDefault("expected", "null");
    boolean ofTypes = expected.equals("COMPOSITE") || expected.equals("FULL_OBJECT");
    return new S3Exception(
        S3Error.INVALID_REQUEST,
        ofTypes
            ? "The upload was created using the "
                + expected
                + " checksum mode. The complete request must use the same checksum mode."
            : "Checksum Type mismatch occurred, expected checksum Type: "
                + lowerCase(expected)
                + ", actual checksum Type: "
                + lowerCase(meta.get("actual")));
  }

  private static String lowerCase(@Nullable String name) {
    return name == null ? "null" : name.toLowerCase(Locale.ROOT);
  }

  private static S3Exception checksumMismatch(Map<String, String> meta) {
    String algorithm = meta.getOrDefault("algorithm", "checksum");
    return new S3Exception(
        S3Error.BAD_DIGEST,
        "The " + algorithm + " you specified did not match the calculated checksum.");
  }

  private static S3Exception invalidRange(Map<String, String> meta, Asked asked) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("RangeRequested", asked.range());
    copy(meta, "size", details, "ActualObjectSize");
    String size = meta.get("size");
    return new S3Exception(
        S3Error.INVALID_RANGE,
        S3Error.INVALID_RANGE.message(),
        details,
        size == null ? Map.of() : Map.of("Content-Range", "bytes */" + size));
  }

  private static void copy(
      Map<String, String> from, String key, Map<String, String> to, String name) {
    String value = from.get(key);
    if (value != null) {
      to.put(name, value);
    }
  }

  private static @Nullable ErrorInfo info(StatusRuntimeException failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return null;
    }
    for (Any detail : status.getDetailsList()) {
      if (detail.is(ErrorInfo.class)) {
        try {
          return detail.unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
          return null; // As good as no detail: the code decides.
        }
      }
    }
    return null;
  }

  private static ErrorReason reason(String name) {
    try {
      return ErrorReason.valueOf(REASON_PREFIX + name);
    } catch (IllegalArgumentException e) {
      return ErrorReason.UNRECOGNIZED; // From a newer node.
    }
  }

  private static S3Error byCode(StatusRuntimeException failure) {
    return switch (failure.getStatus().getCode()) {
      case INVALID_ARGUMENT, OUT_OF_RANGE -> S3Error.INVALID_ARGUMENT;
      case NOT_FOUND -> S3Error.NO_SUCH_KEY;
      case PERMISSION_DENIED, UNAUTHENTICATED -> S3Error.ACCESS_DENIED;
      case FAILED_PRECONDITION -> S3Error.PRECONDITION_FAILED;
      case UNIMPLEMENTED -> S3Error.NOT_IMPLEMENTED;
      case RESOURCE_EXHAUSTED -> S3Error.SLOW_DOWN;
      case UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED -> S3Error.SERVICE_UNAVAILABLE;
      case OK, UNKNOWN, ALREADY_EXISTS, INTERNAL, DATA_LOSS -> S3Error.INTERNAL_ERROR;
    };
  }
}
