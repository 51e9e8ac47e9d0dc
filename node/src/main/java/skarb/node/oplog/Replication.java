package skarb.node.oplog;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Submission;
import skarb.node.index.Catalog;
import skarb.node.journal.CommitLog;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.segment.ChunkStore;
import skarb.v1.SyncPosition;

/// What all exchanges with other sites share, and what is done now and then: entries that were
/// pending are let act, and tombstones dropped that all members have seen.
///
/// Threads: any. The steps run one after the other on a thread of their own, begun by the timer.
public final class Replication implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replication.class);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Seams seams;
  private volatile SiteIdentity identity;
  private final Catalog catalog;
  private final CommitLog log;
  private final RecentBatches recent;
  private final CommitPipeline commits;
  private final ChunkStore chunks;
  private final Matrix matrix = new Matrix();
  private final RollbackWatch rollbacks = new RollbackWatch();
  private final PeerBoard board = new PeerBoard();
  private final Backlogs backlogs;
  private final LagMeter lags;
  private final PendingReleaser releaser;
  private final TombstoneCollector tombstones;
  private final BodyArrivals arrivals;
  private final MissingChunks missing;
  private final Set<ByteString> beginAnew =
      new ConcurrentSkipListSet<>(ByteString.unsignedLexicographicalComparator());
  private final AtomicBoolean stepping = new AtomicBoolean();
  private volatile @Nullable ScheduledFuture<?> timer;

  /// @param recent told of every batch
  public Replication(
      Seams seams,
      SiteIdentity identity,
      Catalog catalog,
      CommitLog log,
      RecentBatches recent,
      CommitPipeline commits,
      ChunkStore chunks) {
    this.seams = seams;
    this.identity = identity;
    this.catalog = catalog;
    this.log = log;
    this.recent = recent;
    this.commits = commits;
    this.chunks = chunks;
    this.backlogs = new Backlogs(catalog, seams.nanoTime());
    this.lags = new LagMeter(seams.clock(), this::tail);
    BodyPresence presence = new BodyPresence(chunks);
    this.releaser = new PendingReleaser(seams.clock(), catalog, commits, presence);
    this.tombstones =
        new TombstoneCollector(
            identity.site(),
            catalog,
            matrix,
            drop -> commits.commitFromPeer(Submission.of(drop, Optional.empty())));
    this.arrivals = new BodyArrivals(catalog, seams);
    this.missing = new MissingChunks(seams, recent, catalog, chunks, commits, arrivals);
  }

  /// Begins the steps.
  public void start() {
    timer =
        seams
            .timer()
            .scheduleWithFixedDelay(
                () -> seams.executor().execute(this::step),
                STEP.toMillis(),
                STEP.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  /// One step of what is done now and then; nothing where one is under way, or there are no other
  /// sites.
  public void step() {
    if (!catalog.everHadSecondSite() || !stepping.compareAndSet(false, true)) {
      return;
    }
    try {
      matrix.learn(identity.site(), Vectors.joined(catalog));
      releaser.step();
      tombstones.step();
    } catch (RuntimeException e) {
      LOG.warn("a step of replication failed and is tried again: {}", e.getMessage());
    } finally {
      stepping.set(false);
    }
  }

  /// This site is of another realm from now on: it has joined one. Sessions that begin say so.
  public void isOfRealm(ByteString realm) {
    identity = new SiteIdentity(identity.site(), identity.name(), realm, identity.store());
  }

  /// Who this site is.
  public SiteIdentity identity() {
    return identity;
  }

  Catalog catalog() {
    return catalog;
  }

  Matrix matrix() {
    return matrix;
  }

  RollbackWatch rollbacks() {
    return rollbacks;
  }

  PeerBoard board() {
    return board;
  }

  Backlogs backlogs() {
    return backlogs;
  }

  /// How far this site is now.
  public Backlog backlog() {
    return backlogs.now();
  }

  /// What is known of the exchange with another site.
  public PeerProgress.Snapshot progress(SiteId site) {
    return board.snapshot(site);
  }

  /// How far this site and another one are from each other.
  ///
  /// @param backlog how far this site is now
  /// @param progress what is known of the exchange
  /// @return empty where the other has not told how far it is since this node started
  public Optional<PeerLag> lag(SiteId site, Backlog backlog, PeerProgress.Snapshot progress) {
    return lags.measure(site, backlog, progress);
  }

  RecentBatches recent() {
    return recent;
  }

  ChunkStore chunks() {
    return chunks;
  }

  Seams seams() {
    return seams;
  }

  /// The journal from a batch on.
  JournalTail tail(long fromBatch) {
    return new JournalTail(log, recent, fromBatch);
  }

  /// The entries of the journal for one reader.
  ///
  /// @param fromBatch the first batch wanted
  public ChangeFeed feed(long fromBatch) {
    return new ChangeFeed(tail(fromBatch), recent);
  }

  /// A thread for each task.
  public Executor executor() {
    return seams.executor();
  }

  EntryReceiver receiver() {
    return new EntryReceiver(chunks, commits, new BodyPresence(chunks));
  }

  /// Where the journals of others are logged up to, one each.
  List<SyncPosition> positions() {
    return catalog.positions().stream()
        .filter(each -> !beginAnew.contains(each.getStore()))
        .toList();
  }

  /// A journal did not go on where it had ended, as that of a disk which was put back: from the
  /// next stream on it is read from its beginning, until this node is restarted.
  void beginAnew(ByteString store) {
    beginAnew.add(store);
  }

  /// Which chunks are wanted.
  public MissingChunks missing() {
    return missing;
  }

  /// Where readers wait for bodies that are on their way.
  public BodyArrivals arrivals() {
    return arrivals;
  }

  @Override
  public void close() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
    arrivals.close();
  }
}
