package skarb.client;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A call that failed. Which kind is its class, exactly why is its [#reason], and [#requestId] is
/// what the server's log has it under. Failures of what is local, such as a file that cannot be
/// read, are `IOException`s.
public abstract sealed class SkarbException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Details details;

  private SkarbException(Details details) {
    super(
        details.message()
            + " ("
            + details.reason()
            + details.requestId().map(id -> ", request " + id).orElse("")
            + ")",
        details.cause());
    this.details = details;
  }

  /// What is known of a failure.
  record Details(
      Reason reason,
      StatusCode status,
      Optional<String> requestId,
      Map<String, String> facts,
      String message,
      @Nullable Throwable cause) {
    Details {
      facts = Map.copyOf(facts);
    }

    /// Of a failure that no server told of.
    static Details local(Reason reason, StatusCode status, String message) {
      return new Details(reason, status, Optional.empty(), Map.of(), message, null);
    }

    Details withCause(@Nullable Throwable cause) {
      return new Details(reason, status, requestId, facts, message, cause);
    }
  }

  /// The exception whose class goes with a status.
  static SkarbException of(Details details) {
    return switch (details.status()) {
      case UNAUTHENTICATED -> new Unauthenticated(details);
      case PERMISSION_DENIED -> new AccessDenied(details);
      case NOT_FOUND -> new NotFound(details);
      case ALREADY_EXISTS -> new AlreadyExists(details);
      case FAILED_PRECONDITION ->
          details.reason() == Reason.NOT_MODIFIED
              ? new NotModified(details)
              : new FailedPrecondition(details);
      case INVALID_ARGUMENT, OUT_OF_RANGE -> new InvalidRequest(details);
      case RESOURCE_EXHAUSTED -> new ResourceExhausted(details);
      case DEADLINE_EXCEEDED, ABORTED -> new TimedOut(details);
      case UNAVAILABLE -> new Unavailable(details);
      case DATA_LOSS -> new DataDamaged(details);
      case UNIMPLEMENTED -> new NotServed(details);
      case CANCELLED -> new Cancelled(details);
      case OK, UNKNOWN, INTERNAL -> new ServerFault(details);
    };
  }

  static SkarbException local(Reason reason, StatusCode status, String message) {
    return of(Details.local(reason, status, message));
  }

  /// The same failure with the stack of the thread that waited for it.
  SkarbException seenFromHere() {
    return of(details.withCause(this));
  }

  /// Why.
  public Reason reason() {
    return details.reason();
  }

  /// The code that the call ended with.
  public StatusCode status() {
    return details.status();
  }

  /// The server's name for the request. Empty where no answer came.
  public Optional<String> requestId() {
    return details.requestId();
  }

  /// What the server said of it beside the reason, such as `bucket` and `key`.
  public Map<String, String> facts() {
    return details.facts();
  }

  /// The server does not know who calls.
  public static final class Unauthenticated extends SkarbException {
    private static final long serialVersionUID = 1L;

    Unauthenticated(Details details) {
      super(details);
    }
  }

  /// The caller may not do this.
  public static final class AccessDenied extends SkarbException {
    private static final long serialVersionUID = 1L;

    AccessDenied(Details details) {
      super(details);
    }
  }

  /// A bucket, key, version or upload that is not there.
  public static final class NotFound extends SkarbException {
    private static final long serialVersionUID = 1L;

    NotFound(Details details) {
      super(details);
    }
  }

  /// What would be made is there already.
  public static final class AlreadyExists extends SkarbException {
    private static final long serialVersionUID = 1L;

    AlreadyExists(Details details) {
      super(details);
    }
  }

  /// A condition does not hold: one that the caller gave, or a bucket that is not empty.
  public static final class FailedPrecondition extends SkarbException {
    private static final long serialVersionUID = 1L;

    FailedPrecondition(Details details) {
      super(details);
    }
  }

  /// A read's condition says that the caller has it already.
  public static final class NotModified extends SkarbException {
    private static final long serialVersionUID = 1L;

    NotModified(Details details) {
      super(details);
    }
  }

  /// The request breaks a rule, or the body is not what was promised.
  public static final class InvalidRequest extends SkarbException {
    private static final long serialVersionUID = 1L;

    InvalidRequest(Details details) {
      super(details);
    }
  }

  /// Too much at once, or the disk is full.
  public static final class ResourceExhausted extends SkarbException {
    private static final long serialVersionUID = 1L;

    ResourceExhausted(Details details) {
      super(details);
    }
  }

  /// The time was over: a deadline, or nothing moved. What was asked may have happened.
  public static final class TimedOut extends SkarbException {
    private static final long serialVersionUID = 1L;

    TimedOut(Details details) {
      super(details);
    }
  }

  /// The server cannot be reached, or takes no such call now. Where the connection broke, what was
  /// asked may have happened.
  public static final class Unavailable extends SkarbException {
    private static final long serialVersionUID = 1L;

    Unavailable(Details details) {
      super(details);
    }
  }

  /// Bytes do not match their checksum: as stored, or as they came.
  public static final class DataDamaged extends SkarbException {
    private static final long serialVersionUID = 1L;

    DataDamaged(Details details) {
      super(details);
    }
  }

  /// The server does not serve this.
  public static final class NotServed extends SkarbException {
    private static final long serialVersionUID = 1L;

    NotServed(Details details) {
      super(details);
    }
  }

  /// It was cancelled, the thread was interrupted, or the client was closed.
  public static final class Cancelled extends SkarbException {
    private static final long serialVersionUID = 1L;

    Cancelled(Details details) {
      super(details);
    }
  }

  /// A fault of the server.
  public static final class ServerFault extends SkarbException {
    private static final long serialVersionUID = 1L;

    ServerFault(Details details) {
      super(details);
    }
  }
}
