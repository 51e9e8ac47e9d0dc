package skarb.s3.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skarb.s3.error.ErrorMapper.Asked;
import skarb.s3.fake.Errors;
import skarb.v1.ErrorReason;

class ErrorMapperTest {

  private static S3Exception map(ErrorReason reason, Map<String, String> meta, Asked asked) {
    return ErrorMapper.map(Errors.of(Status.Code.UNKNOWN, reason, meta), asked);
  }

  @ParameterizedTest
  @CsvSource({
    "CREDENTIALS_MISSING, AccessDenied, 403",
    "CREDENTIALS_MALFORMED, AuthorizationHeaderMalformed, 400",
    "NO_SUCH_ACCESS_KEY, InvalidAccessKeyId, 403",
    "SIGNATURE_MISMATCH, SignatureDoesNotMatch, 403",
    "TOKEN_EXPIRED, AccessDenied, 403",
    "REQUEST_TIME_SKEWED, RequestTimeTooSkewed, 403",
    "KEY_CHANGED, ServiceUnavailable, 503",
    "ACCESS_DENIED, AccessDenied, 403",
    "ROLE_DENIED, InternalError, 500",
    "NO_SUCH_BUCKET, NoSuchBucket, 404",
    "NO_SUCH_KEY, NoSuchKey, 404",
    "NO_SUCH_VERSION, NoSuchVersion, 404",
    "DELETE_MARKER, MethodNotAllowed, 405",
    "BUCKET_ALREADY_OWNED_BY_YOU, BucketAlreadyOwnedByYou, 409",
    "BUCKET_ALREADY_EXISTS, BucketAlreadyExists, 409",
    "BUCKET_NOT_EMPTY, BucketNotEmpty, 409",
    "PRECONDITION_FAILED, PreconditionFailed, 412",
    "NOT_MODIFIED, NotModified, 304",
    "INVALID_ARGUMENT, InvalidArgument, 400",
    "INVALID_BUCKET_NAME, InvalidBucketName, 400",
    "KEY_TOO_LONG, KeyTooLongError, 400",
    "METADATA_TOO_LARGE, MetadataTooLarge, 400",
    "ENTITY_TOO_LARGE, EntityTooLarge, 400",
    "INCOMPLETE_BODY, IncompleteBody, 400",
    "MD5_MISMATCH, BadDigest, 400",
    "CONTENT_SHA256_MISMATCH, XAmzContentSHA256Mismatch, 400",
    "CHECKSUM_MISMATCH, BadDigest, 400",
    "FRAME_CHECKSUM_MISMATCH, InternalError, 500",
    "STREAM_PROTOCOL, InternalError, 500",
    "INVALID_PAGE_TOKEN, InvalidArgument, 400",
    "INVALID_VERSION_ID, InvalidArgument, 400",
    "INVALID_RANGE, InvalidRange, 416",
    "OVERLOADED, SlowDown, 503",
    "DISK_FULL, InsufficientStorage, 507",
    "REQUEST_TIMEOUT, RequestTimeout, 400",
    "READ_ONLY, ServiceUnavailable, 503",
    "CLOCK_SKEW, ServiceUnavailable, 503",
    "SHUTTING_DOWN, ServiceUnavailable, 503",
    "BODY_NOT_HERE, ServiceUnavailable, 503",
    "DATA_DAMAGED, InternalError, 500",
    "NOT_IMPLEMENTED, NotImplemented, 501",
    "INTERNAL, InternalError, 500",
    "FROM_THE_FUTURE, InternalError, 500",
  })
  void reasonsHaveTheirError(String reason, String code, int status) {
    S3Exception error = ErrorMapper.map(reason, Asked.PLAIN);

    assertThat(error.error().code()).isEqualTo(code);
    assertThat(error.error().status()).isEqualTo(status);
  }

  @Test
  void completionsAreRefusedAsS3RefusesThem() {
    S3Exception missing =
        map(
            ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
            Map.of("field", "parts.checksums", "algorithm", "SHA256", "part_number", "3"),
            Asked.PLAIN);
    assertThat(missing.error().code()).isEqualTo("InvalidRequest");
    assertThat(missing.shownMessage())
        .startsWith("The upload was created using a sha256 checksum.")
        .endsWith("It was missing for part 3 in the request.");
    assertThat(
            map(
                    ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
                    Map.of("field", "object_size", "expected", "5", "actual", "6"),
                    Asked.PLAIN)
                .shownMessage())
        .isEqualTo(
            "The provided 'x-amz-mp-object-size' header value 5 does not match what was computed: 6");
    assertThat(
            map(
                    ErrorReason.ERROR_REASON_CHECKSUM_TYPE_MISMATCH,
                    Map.of("expected", "CRC32", "actual", "SHA1"),
                    Asked.PLAIN)
                .shownMessage())
        .endsWith("expected checksum Type: crc32, actual checksum Type: sha1");
    assertThat(
            map(
                    ErrorReason.ERROR_REASON_CHECKSUM_TYPE_MISMATCH,
                    Map.of("expected", "COMPOSITE", "actual", "FULL_OBJECT"),
                    Asked.PLAIN)
                .shownMessage())
        .startsWith("The upload was created using the COMPOSITE checksum mode.");
  }

  @Test
  void detailsAreWordedAsS3WordsThem() {
    assertThat(map(ErrorReason.ERROR_REASON_NO_SUCH_KEY, Map.of("key", "k"), Asked.PLAIN).details())
        .containsExactly(Map.entry("Key", "k"));
    assertThat(
            map(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET, Map.of("bucket", "b"), Asked.PLAIN)
                .details())
        .containsExactly(Map.entry("BucketName", "b"));
    S3Exception range =
        map(
            ErrorReason.ERROR_REASON_INVALID_RANGE,
            Map.of("size", "10"),
            new Asked(false, "bytes=10-"));
    assertThat(range.details())
        .containsExactly(
            Map.entry("RangeRequested", "bytes=10-"), Map.entry("ActualObjectSize", "10"));
    assertThat(range.headers()).containsEntry("Content-Range", "bytes */10");
  }

  @Test
  void deleteMarkersAreHiddenUnlessAskedForByTheirId() {
    S3Exception current =
        map(
            ErrorReason.ERROR_REASON_NO_SUCH_KEY,
            Map.of("key", "k", "delete_marker_version_id", "v"),
            Asked.PLAIN);
    assertThat(current.error()).isEqualTo(S3Error.NO_SUCH_KEY);
    assertThat(current.headers())
        .containsEntry("x-amz-delete-marker", "true")
        .containsEntry("x-amz-version-id", "v");
    S3Exception byId =
        map(
            ErrorReason.ERROR_REASON_DELETE_MARKER,
            Map.of("key", "k", "version_id", "v", "last_modified_millis", "1700000000999"),
            Asked.PLAIN);
    assertThat(byId.error()).isEqualTo(S3Error.METHOD_NOT_ALLOWED);
    assertThat(byId.headers())
        .containsEntry("Allow", "DELETE")
        .containsEntry("x-amz-delete-marker", "true")
        .containsEntry("Last-Modified", "Tue, 14 Nov 2023 22:13:20 GMT");
  }

  @Test
  void deleteMarkersAreNoSourcesOfCopies() {
    Asked copies = new Asked(true, "");

    assertThat(map(ErrorReason.ERROR_REASON_DELETE_MARKER, Map.of(), copies).error())
        .isEqualTo(S3Error.INVALID_REQUEST);
    assertThat(
            map(
                    ErrorReason.ERROR_REASON_NO_SUCH_KEY,
                    Map.of("delete_marker_version_id", "v"),
                    copies)
                .headers())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, 503",
    "DEADLINE_EXCEEDED, 503",
    "RESOURCE_EXHAUSTED, 503",
    "PERMISSION_DENIED, 403",
    "UNIMPLEMENTED, 501",
    "INTERNAL, 500",
    "UNKNOWN, 500",
    "DATA_LOSS, 500",
  })
  void withoutAReasonTheCodeDecides(Status.Code code, int status) {
    S3Exception error = ErrorMapper.map(Status.fromCode(code).asRuntimeException(), Asked.PLAIN);

    assertThat(error.error().status()).isEqualTo(status);
  }
}
