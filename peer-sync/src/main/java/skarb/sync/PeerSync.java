package skarb.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.sync.chunks.ChunkRelay;
import skarb.sync.session.EntryRelay;

/// The exchange with one peer, supervised: it is begun, and begun again after a pause when it
/// ended, longer each time that it ended soon, with jitter so that many sites do not come at once.
/// One that lived for a while was no failure to begin: the pause after it is the first again. Both
/// directions run over it, entries and chunks, so that a site that can only dial out gets and gives
/// everything.
///
/// ```
///  CONNECTING ── the peer says something ──▶ LIVE
///      ▲ ▲                                    │ a stream ends, or nothing comes for 30 s
///      │ └──── 0.1 to 30 s ──── BACKING_OFF ◀─┤
///      └────── 30 to 60 s ───── REFUSED ◀─────┘ a node refuses the other
/// ```
///
/// Nodes say something every second, so silence means that the link is dead, whatever TCP believes.
///
/// Safe for any thread.
public final class PeerSync implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerSync.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration REFUSED_PAUSE = Duration.ofSeconds(60);

  /// An exchange that lived this long, and in which the peer was heard, had begun well.
  private static final Duration A_WHILE = Duration.ofSeconds(10);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final SyncSeams seams;
  private final Channel local;
  private final Peer peer;
  private final Traffic traffic;
  private final Throttle throttle;
  private final Ending stopped = new Ending();
  private final Ending ended = new Ending();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private PeerStatus.State state = PeerStatus.State.CONNECTING;

  @GuardedBy("lock")
  private long attempts;

  @GuardedBy("lock")
  private String lastError = "";

  /// How often the peer had been heard when the present attempt began.
  @GuardedBy("lock")
  private long heardBefore;

  @GuardedBy("lock")
  private boolean started;

  private volatile @Nullable Ending current;

  /// @param local to the node of this site, as a caller with the role `site` or `operator`
  public PeerSync(SyncSeams seams, Channel local, Peer peer) {
    this.seams = seams;
    this.local = local;
    this.peer = peer;
    this.traffic = new Traffic(seams.clock());
    this.throttle = new Throttle(seams.nanoTime(), seams.timer(), peer.bytesPerSecond());
  }

  /// Begins. Once.
  public void start() {
    lock.lock();
    try {
      started = true;
    } finally {
      lock.unlock();
    }
    seams.threads().newThread(this::run).start();
  }

  /// How it goes.
  public PeerStatus status() {
    lock.lock();
    try {
      PeerStatus.State now =
          state == PeerStatus.State.CONNECTING && traffic.timesHeard() > heardBefore
              ? PeerStatus.State.LIVE
              : state;
      return new PeerStatus(
          peer.name(), now, attempts, traffic.lastContactMillis(), lastError, traffic.moved());
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!stopped.isEnded()) {
      long began = seams.nanoTime().getAsLong();
      begin();
      Ending.Reason why = exchange();
      if (stopped.isEnded()) {
        break;
      }
      if (hasLivedSince(began)) {
        pause = FIRST_PAUSE;
      }
      LOG.info("exchange with {} ended: {}", peer.name(), why.text());
      ended(why);
      pauseFor(why.refused() ? REFUSED_PAUSE : pause);
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
    enter(PeerStatus.State.STOPPED);
    ended.end("stopped");
  }

  private void begin() {
    lock.lock();
    try {
      attempts++;
      heardBefore = traffic.timesHeard();
      state = PeerStatus.State.CONNECTING;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasLivedSince(long began) {
    lock.lock();
    try {
      return traffic.timesHeard() > heardBefore
          && seams.nanoTime().getAsLong() - began >= A_WHILE.toNanos();
    } finally {
      lock.unlock();
    }
  }

  private void ended(Ending.Reason why) {
    lock.lock();
    try {
      lastError = why.text();
      state = why.refused() ? PeerStatus.State.REFUSED : PeerStatus.State.BACKING_OFF;
    } finally {
      lock.unlock();
    }
  }

  private void enter(PeerStatus.State now) {
    lock.lock();
    try {
      state = now;
    } finally {
      lock.unlock();
    }
  }

  /// One exchange, from its beginning to its end.
  ///
  /// @return why it ended
  private Ending.Reason exchange() {
    Ending ending = new Ending();
    current = ending;
    if (stopped.isEnded()) {
      ending.end("stopped");
    }
    ChunkRelay.Way in = new ChunkRelay.Way(traffic::received, throttle);
    ChunkRelay.Way out = new ChunkRelay.Way(traffic::sent, throttle);
    ScheduledFuture<?> watch = null;
    try (EntryRelay entries = new EntryRelay(seams.nanoTime(), traffic, throttle, ending);
        ChunkRelay pull = new ChunkRelay(peer.channel(), local, in, ending);
        ChunkRelay push = new ChunkRelay(local, peer.channel(), out, ending)) {
      if (!ending.isEnded()) {
        peer.hangUp().run();
        entries.begin(local, peer.channel());
        pull.begin();
        push.begin();
        watch =
            seams
                .timer()
                .scheduleWithFixedDelay(
                    () -> look(entries, ending),
                    LOOK_EVERY.toMillis(),
                    LOOK_EVERY.toMillis(),
                    TimeUnit.MILLISECONDS);
      }
      return ending.await();
    } finally {
      current = null;
      if (watch != null) {
        watch.cancel(false);
      }
    }
  }

  private static void look(EntryRelay entries, Ending ending) {
    if (entries.silenceNanos() >= LONGEST_SILENCE.toNanos()) {
      ending.end("nothing came from the other site for " + LONGEST_SILENCE.toSeconds() + " s");
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
    Ending.Reason _ = over.await();
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
    lock.lock();
    try {
      if (!started) {
        return;
      }
    } finally {
      lock.unlock();
    }
    Ending.Reason _ = ended.await();
  }
}
