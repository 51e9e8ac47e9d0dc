package skarb.sync;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// Counts what moves between this site and a peer, and when the peer was last heard. Safe for any
/// thread.
public final class Traffic {
  private final InstantSource clock;
  private final AtomicLong entriesSent = new AtomicLong();
  private final AtomicLong entriesReceived = new AtomicLong();
  private final AtomicLong bytesSent = new AtomicLong();
  private final AtomicLong bytesReceived = new AtomicLong();
  private final AtomicLong heard = new AtomicLong();
  private volatile long lastContactMillis;

  public Traffic(InstantSource clock) {
    this.clock = clock;
  }

  /// The peer said something.
  public void heard() {
    lastContactMillis = clock.millis();
    heard.incrementAndGet();
  }

  /// Something went to the peer.
  public void sent(long entries, long bytes) {
    entriesSent.addAndGet(entries);
    bytesSent.addAndGet(bytes);
  }

  /// Something came from the peer.
  public void received(long entries, long bytes) {
    entriesReceived.addAndGet(entries);
    bytesReceived.addAndGet(bytes);
    heard();
  }

  /// How often the peer was heard.
  long timesHeard() {
    return heard.get();
  }

  /// When the peer was last heard, as Unix milliseconds; 0: never.
  long lastContactMillis() {
    return lastContactMillis;
  }

  PeerStatus.Moved moved() {
    return new PeerStatus.Moved(
        entriesSent.get(), entriesReceived.get(), bytesSent.get(), bytesReceived.get());
  }
}
