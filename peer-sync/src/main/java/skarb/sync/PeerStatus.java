package skarb.sync;

/// How the exchange with a peer goes.
///
/// @param peer its name
/// @param state what the loop is at
/// @param attempts how often it has begun
/// @param lastError why it last ended; empty where it never did
public record PeerStatus(String peer, State state, long attempts, String lastError) {
  /// What the loop is at.
  public enum State {
    /// Streams are open.
    LIVE,
    /// It waits before it begins again.
    BACKING_OFF,
    /// It was stopped.
    STOPPED
  }
}
