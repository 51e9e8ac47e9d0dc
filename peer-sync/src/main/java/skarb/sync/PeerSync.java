package skarb.sync;

import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.sync.chunks.ChunkRelay;
import skarb.sync.session.EntryRelay;

/// The exchange with one peer, supervised: it is begun, and begun again after a pause when it
/// ended, longer each time that it ended soon, with jitter so that many sites do not come at once.
/// Both directions run over it, entries and chunks, so that a site that can only dial out gets and
/// gives everything.
///
/// Safe for any thread.
public final class PeerSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerSync.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final SyncSeams seams;
  private final Channel local;
  private final Peer peer;
  private final Ending stopped = new Ending();
  private final Ending ended = new Ending();
  private volatile @Nullable Ending current;
  private volatile PeerStatus status;

  /// @param local to the node of this site, as a caller with the role `site` or `operator`
  public PeerSync(SyncSeams seams, Channel local, Peer peer) {
    this.seams = seams;
    this.local = local;
    this.peer = peer;
    this.status = new PeerStatus(peer.name(), PeerStatus.State.BACKING_OFF, 0, "");
  }

  /// Begins.
  public void start() {
    seams.threads().newThread(this::run).start();
  }

  /// How it goes.
  public PeerStatus status() {
    return status;
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    for (long attempt = 1; !stopped.isEnded(); attempt++) {
      status = new PeerStatus(peer.name(), PeerStatus.State.LIVE, attempt, status.lastError());
      String why = exchange();
      if (stopped.isEnded()) {
        break;
      }
      LOG.info("exchange with {} ended: {}", peer.name(), why);
      status = new PeerStatus(peer.name(), PeerStatus.State.BACKING_OFF, attempt, why);
      pauseFor(pause);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
    status =
        new PeerStatus(
            peer.name(), PeerStatus.State.STOPPED, status.attempts(), status.lastError());
    ended.end("stopped");
  }

  /// One exchange, from its beginning to its end.
  ///
  /// @return why it ended
  private String exchange() {
    Ending ending = new Ending();
    current = ending;
    if (stopped.isEnded()) {
      return "stopped";
    }
    try (EntryRelay entries = new EntryRelay(ending);
        ChunkRelay pull = new ChunkRelay(peer.channel(), local, seams.timer(), ending);
        ChunkRelay push = new ChunkRelay(local, peer.channel(), seams.timer(), ending)) {
      entries.begin(local, peer.channel());
      pull.begin();
      push.begin();
      return ending.await();
    } finally {
      current = null;
    }
  }

  private void pauseFor(Duration pause) {
    Ending over = new Ending();
    current = over;
    long millis = pause.toMillis() / 2 + seams.random().nextLong(pause.toMillis() / 2 + 1);
    ScheduledFuture<?> alarm =
        seams.timer().schedule(() -> over.end("time"), millis, TimeUnit.MILLISECONDS);
    if (stopped.isEnded()) {
      over.end("stopped");
    }
    over.await();
    alarm.cancel(false);
  }

  /// Ends the exchange and waits for its thread.
  @Override
  public void close() {
    stopped.end("stopped");
    Ending running = current;
    if (running != null) {
      running.end("stopped");
    }
    ended.await();
  }
}
