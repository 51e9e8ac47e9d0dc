package skarb.s3.http;

import java.time.Duration;

/// What the HTTP edge allows its clients.
///
/// @param maxConnections beyond it a connection is answered with 503 SlowDown and closed
/// @param maxInFlight requests that are served at once; beyond it they get 503 SlowDown
/// @param maxRequestLineBytes the method, the target and the version
/// @param maxHeaderBytes all header lines of a request together
/// @param headTimeout from the first byte of a request to the end of its head
/// @param keepAliveTimeout how long a connection may rest between requests
/// @param bodyTimeout how long the next bytes of a body may take to come
/// @param minBodyBytesPerSecond below this rate, beyond `bodyTimeout`, an upload is cut: counted
///   only while the gateway waits for the client
/// @param writeTimeout how long a client may take no bytes of an answer
/// @param maxSkippedBytes the most of an unread body that is read and thrown away to keep the
///   connection; where more is left the connection is closed
/// @param lingerTimeout how long a closing connection still reads, so that the client sees the
///   answer instead of a reset
public record Limits(
    int maxConnections,
    int maxInFlight,
    int maxRequestLineBytes,
    int maxHeaderBytes,
    Duration headTimeout,
    Duration keepAliveTimeout,
    Duration bodyTimeout,
    int minBodyBytesPerSecond,
    Duration writeTimeout,
    int maxSkippedBytes,
    Duration lingerTimeout) {

  /// What holds where nobody says otherwise.
  public static Limits defaults() {
    return new Limits(
        8192,
        1024,
        16 * 1024,
        16 * 1024,
        Duration.ofSeconds(20),
        Duration.ofSeconds(90),
        Duration.ofSeconds(30),
        1024,
        Duration.ofSeconds(60),
        256 * 1024,
        Duration.ofSeconds(2));
  }
}
