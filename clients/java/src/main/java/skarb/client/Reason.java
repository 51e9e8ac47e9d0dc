package skarb.client;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Why a call failed. The names never change their meaning, so programs may decide by them. Those
/// up to [#INTERNAL] are the server's, the others the client's own.
public enum Reason {
  /// The call had no credentials.
  CREDENTIALS_MISSING,
  /// The credentials cannot be read.
  CREDENTIALS_MALFORMED,
  /// No such access key, or it is disabled.
  NO_SUCH_ACCESS_KEY,
  /// The secret is not that of the access key.
  SIGNATURE_MISMATCH,
  /// The token's time is over.
  TOKEN_EXPIRED,
  /// This machine's clock is over 15 minutes from the server's.
  REQUEST_TIME_SKEWED,
  /// The key was changed while the call went on.
  KEY_CHANGED,
  /// The caller may not do this.
  ACCESS_DENIED,
  /// The caller's role does not include this.
  ROLE_DENIED,
  /// No such invitation to a realm, or it is used or over.
  INVITATION_INVALID,

  /// No such bucket.
  NO_SUCH_BUCKET,
  /// No such key in the bucket.
  NO_SUCH_KEY,
  /// No such version of the key.
  NO_SUCH_VERSION,
  /// No such user.
  NO_SUCH_USER,
  /// The version asked for is a delete marker.
  DELETE_MARKER,
  /// No such open upload.
  NO_SUCH_UPLOAD,
  /// No such peer of the site.
  NO_SUCH_PEER,
  /// No such kept conflict.
  NO_SUCH_CONFLICT,

  /// The bucket is the caller's already.
  BUCKET_ALREADY_OWNED_BY_YOU,
  /// The bucket is somebody else's.
  BUCKET_ALREADY_EXISTS,
  /// The user exists.
  USER_ALREADY_EXISTS,
  /// The access key exists.
  ACCESS_KEY_ALREADY_EXISTS,

  /// The bucket holds objects.
  BUCKET_NOT_EMPTY,
  /// A condition of the request does not hold.
  PRECONDITION_FAILED,
  /// The caller has it already.
  NOT_MODIFIED,
  /// The user still has access keys.
  USER_HAS_KEYS,
  /// The bucket takes no write over what is current without a condition.
  CONDITION_REQUIRED,

  /// A field breaks its limits; `field` of [SkarbException#facts] names it.
  INVALID_ARGUMENT,
  /// Not a name for a bucket.
  INVALID_BUCKET_NAME,
  /// The key is over 1,024 bytes.
  KEY_TOO_LONG,
  /// The metadata is over 2,048 bytes.
  METADATA_TOO_LARGE,
  /// The body is over the limit of the call.
  ENTITY_TOO_LARGE,
  /// The body is not as long as was promised.
  INCOMPLETE_BODY,
  /// The body has another MD5 than was promised.
  MD5_MISMATCH,
  /// The body has another SHA-256 than was signed.
  CONTENT_SHA256_MISMATCH,
  /// The body has another checksum than was promised.
  CHECKSUM_MISMATCH,
  /// A piece of the body was damaged on its way to the server.
  FRAME_CHECKSUM_MISMATCH,
  /// Messages in an order that means nothing.
  STREAM_PROTOCOL,
  /// A page that this server did not make.
  INVALID_PAGE_TOKEN,
  /// Not an id of a version.
  INVALID_VERSION_ID,
  /// No byte of the range exists.
  INVALID_RANGE,
  /// The object has no such part.
  NO_SUCH_PART,
  /// A part is not there or is another one.
  INVALID_PART,
  /// The parts do not ascend.
  INVALID_PART_ORDER,
  /// A part other than the last is below 5 MiB.
  ENTITY_TOO_SMALL,
  /// A checksum of another algorithm than the upload's.
  CHECKSUM_TYPE_MISMATCH,
  /// A checksum type that the algorithm does not go with.
  INVALID_CHECKSUM_TYPE,
  /// An object copied onto itself with nothing changed.
  ILLEGAL_COPY,
  /// The source is over 5 GiB.
  COPY_SOURCE_TOO_LARGE,
  /// A range that does not lie within the source.
  INVALID_COPY_RANGE,

  /// Too much at once.
  OVERLOADED,
  /// The server's disk is nearly full.
  DISK_FULL,
  /// Nothing moved for the server's idle limit, or too slowly.
  REQUEST_TIMEOUT,

  /// The server takes no writes until it is restarted.
  READ_ONLY,
  /// The server's clock stands behind its data.
  CLOCK_SKEW,
  /// The server is stopping.
  SHUTTING_DOWN,
  /// The object's bytes have not come from its site yet.
  BODY_NOT_HERE,
  /// The realm does not take the site.
  JOIN_REFUSED,

  /// Stored bytes are damaged.
  DATA_DAMAGED,
  /// Known, and not served.
  NOT_IMPLEMENTED,
  /// A fault of the server, logged there under the request's id.
  INTERNAL,

  /// The server cannot be reached, or the connection broke.
  CONNECTION_FAILED,
  /// The call's deadline was over.
  DEADLINE_EXCEEDED,
  /// Nothing moved for the client's idle limit.
  STALLED,
  /// Cancelled: by the caller, or its thread was interrupted.
  CANCELLED,
  /// The client was closed.
  CLIENT_CLOSED,
  /// What came is not what was sent.
  DAMAGED_ON_THE_WAY,
  /// What came is over the limit that the caller gave.
  LARGER_THAN_LIMIT,
  /// The file that was to be stored changed while it was read; nothing is stored.
  BODY_CHANGED,
  /// A reason that this version of the client does not know; the status says what kind.
  UNKNOWN;

  private static final Map<String, Reason> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

  /// The reason of a name, [#UNKNOWN] for one that this version does not know.
  static Reason named(String name) {
    return BY_NAME.getOrDefault(name, UNKNOWN);
  }
}
