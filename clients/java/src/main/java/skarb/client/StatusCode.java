package skarb.client;

/// The code of gRPC that a call ended with, as gRPC numbers and describes them. [Reason] says more.
public enum StatusCode {
  /// It succeeded. Never that of an exception, except where the answer itself made no sense.
  OK,
  /// It was cancelled.
  CANCELLED,
  /// Something that has no code.
  UNKNOWN,
  /// The request breaks a rule.
  INVALID_ARGUMENT,
  /// Its time was over before an answer came.
  DEADLINE_EXCEEDED,
  /// What it is about is not there.
  NOT_FOUND,
  /// What it would make is there already.
  ALREADY_EXISTS,
  /// The caller may not do this.
  PERMISSION_DENIED,
  /// Too much at once, or no room.
  RESOURCE_EXHAUSTED,
  /// A condition does not hold.
  FAILED_PRECONDITION,
  /// It was given up.
  ABORTED,
  /// A range or part outside the object.
  OUT_OF_RANGE,
  /// The server does not serve this.
  UNIMPLEMENTED,
  /// A fault of the server.
  INTERNAL,
  /// The server cannot be reached, or takes no such calls now.
  UNAVAILABLE,
  /// Bytes are damaged.
  DATA_LOSS,
  /// Nobody knows who calls.
  UNAUTHENTICATED
}
