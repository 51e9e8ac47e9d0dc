package skarb.node.service;

import java.time.Duration;

/// The bounds that calls meet. Sizes of what a call carries are the protocol's and stand in
/// `Limits`.
///
/// @param defaultDeadline of a unary call that sets none
/// @param maxDeadline the longest of a unary call, whatever it sets
/// @param idleLimit how long a stream may stand still
/// @param maxStreamAge how long a stream may live
/// @param leastUploadBytesPerSecond what an upload must bring while the node waits for it
/// @param maxCallsInFlight calls at once, on one listener, health checks apart
/// @param maxCallsPerConnection calls at once, on one connection
public record CallLimits(
    Duration defaultDeadline,
    Duration maxDeadline,
    Duration idleLimit,
    Duration maxStreamAge,
    int leastUploadBytesPerSecond,
    int maxCallsInFlight,
    int maxCallsPerConnection) {
  /// Bytes in the body of a Put.
  public static final int MAX_PUT_BYTES = 1 << 20;

  /// Bytes in the body of an Upload.
  public static final long MAX_UPLOAD_BYTES = 5L << 30;

  /// Bytes in one frame.
  public static final int MAX_FRAME_BYTES = 256 << 10;

  /// Bytes in one message: a Put, or a DeleteBatch of a thousand long keys.
  public static final int MAX_MESSAGE_BYTES = MAX_PUT_BYTES + (256 << 10);

  /// Health checks at once, on one listener, and as many watches of health: neither takes a place
  /// of `maxCallsInFlight`.
  public static final int MAX_HEALTH_CALLS = 64;

  /// Calls at once that every node takes, however small its heap.
  private static final int LEAST_CALLS = 128;

  /// Bytes in the metadata of a call.
  public static final int MAX_METADATA_BYTES = 16 << 10;

  /// The usual bounds. An upload that brings less than 4 KiB a second takes over two weeks for 5
  /// GiB; its stream's age ends it before.
  public static CallLimits usual() {
    return new CallLimits(
        Duration.ofSeconds(60),
        Duration.ofMinutes(10),
        Duration.ofSeconds(60),
        Duration.ofHours(24),
        4 << 10,
        4096,
        1024);
  }

  /// As usual, with no more calls at once than a quarter of the heap holds in messages: each call
  /// on the network may bring one that is whole in memory before the budget of bodies is asked.
  ///
  /// @param maxHeapBytes as `Runtime.maxMemory` has it
  public CallLimits withinHeap(long maxHeapBytes) {
    long most = Math.max(LEAST_CALLS, maxHeapBytes / 4 / MAX_MESSAGE_BYTES);
    return new CallLimits(
        defaultDeadline,
        maxDeadline,
        idleLimit,
        maxStreamAge,
        leastUploadBytesPerSecond,
        (int) Math.min(maxCallsInFlight, most),
        maxCallsPerConnection);
  }
}
