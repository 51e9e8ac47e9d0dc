package skarb.node.peers;

/// How the exchange with a dialled peer goes, as its driver says.
///
/// @param state what it is at
/// @param attempts how often it was begun since the node started
/// @param lastContactMillis when a message of the peer last came, as Unix milliseconds; 0: never
///   since the node started
/// @param lastError why it last ended; empty where it never did
/// @param entriesSent entries passed on to the peer since the start
/// @param entriesReceived entries that came from it
/// @param bytesSent bytes passed on to the peer, entries and chunks
/// @param bytesReceived bytes that came from it
public record LinkStatus(
    State state,
    long attempts,
    long lastContactMillis,
    String lastError,
    long entriesSent,
    long entriesReceived,
    long bytesSent,
    long bytesReceived) {
  /// What an exchange is at.
  public enum State {
    /// It was begun, and nothing has come from the peer yet.
    CONNECTING,
    /// Messages come.
    LIVE,
    /// It ended, and is begun again after a pause.
    BACKING_OFF,
    /// The nodes refuse each other: it is begun again after a long pause, and needs somebody to
    /// look at it.
    REFUSED,
    /// It was stopped.
    STOPPED
  }
}
