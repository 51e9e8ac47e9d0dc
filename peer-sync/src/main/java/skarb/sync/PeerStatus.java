package skarb.sync;

/// How the exchange with a peer goes.
///
/// @param peer its name
/// @param state what the loop is at
/// @param attempts how often it has begun
/// @param lastContactMillis when a message of the peer last came, as Unix milliseconds; 0: never
/// @param lastError why it last ended; empty where it never did
/// @param moved what was passed on since the loop was made
public record PeerStatus(
    String peer,
    State state,
    long attempts,
    long lastContactMillis,
    String lastError,
    Moved moved) {
  /// What the loop is at.
  public enum State {
    /// Streams are being opened: nothing has come from the peer yet.
    CONNECTING,
    /// Streams are open, and messages come.
    LIVE,
    /// It waits before it begins again.
    BACKING_OFF,
    /// One of the nodes refuses the other: it begins again after a long pause, and somebody should
    /// look at it.
    REFUSED,
    /// It was stopped.
    STOPPED
  }

  /// What was passed on.
  ///
  /// @param entriesSent entries to the peer
  /// @param entriesReceived entries from the peer
  /// @param bytesSent bytes to the peer, entries and chunks
  /// @param bytesReceived bytes from the peer
  public record Moved(long entriesSent, long entriesReceived, long bytesSent, long bytesReceived) {}
}
