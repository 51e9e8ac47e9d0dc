package skarb.node.commit;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.Catalog;
import skarb.node.index.Index;
import skarb.node.journal.CommitLog;
import skarb.node.model.ChunkPlace;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.v1.ErrorReason;

/// The one committer: it turns what is asked into what happened, makes that durable, then visible,
/// then answers. Many callers wait; one thread writes, so that the order of the journal is the
/// order of the decisions, and one force is shared by all who waited for it.
///
/// ```
///  commit(submission), on the caller's thread:
///   1. queue.put      wait for room in the queue, the first come first; too many waiters: OVERLOADED
///   2. ticket.await   wait for the outcome
///
///  run, on the committer's thread, until the queue is closed and empty:
///   3. queue.take     all that waits, up to 1,024 mutations or 8 MiB: a batch
///   4. decide         for each mutation, in order:
///                       own clock too far ahead of the wall clock?  rejected: CLOCK_SKEW
///                       the key that allowed it has changed?        rejected: KEY_CHANGED
///                       evaluate against the rows as the mutations before it leave them:
///                         rejected, or holds already, or to be written:
///                           first entry since the start?  OriginBorn goes before it
///                           stamp, number, chain; join it into the batch's rows
///   5. force          append records and bodies to the log: one write, one force.
///                     A batch without records skips 5 and 6
///   6. publish        tell where the bodies lie; apply the batch's rows to the index
///   7. answer         end the pins; let the callers go, those who were rejected too
/// ```
///
/// Why so:
/// - *A rejection waits for the force* of its batch: it may have looked at a row that an earlier
///   mutation of the same batch made, and "the bucket exists already" must not be said of a bucket
///   that a power cut then takes back.
/// - *Visible and durable are one moment*: rows reach the index after the force and before any
///   answer, so nobody reads what a crash can undo, and whoever was answered reads what he wrote.
///   The places of bodies are known before the rows that name them can be seen.
/// - *No timer.* Idle, a write costs one force. Busy, the next batch is whatever came while the
///   last one was forced: batches grow with the load by themselves. A wait "for more company" was
///   not tried: it makes the idle case slower and the busy one no better.
/// - *Deciding is not overlapped with the force before.* It would hide the evaluation, which is
///   short beside a force, and would need the rows of two batches in flight; the log refuses to
///   write batch n+1 before n was forced anyhow, as a torn tail must be the last batch.
/// - *A failed append is final*: whether the batch survives is open until the next start, as after
///   a failed fsync the page cache lies about what is on disk. Everybody who waits and who comes
///   later gets READ_ONLY; nothing is tried again; reads go on. The pins of that batch stay.
/// - *A fault of ours* (evaluation or join throws) fails its mutation with INTERNAL, drops the
///   whole batch unwritten and stops writes likewise: a rule that broke once is not trusted with a
///   second write.
///
/// Guarantees, to a caller whose `commit` returned: the entry survives any crash; every read that
/// begins afterwards sees it; every mutation submitted afterwards is judged after it. Outcomes of
/// one `commitAll` come in its order, and its mutations are judged in it. Safe for any thread;
/// waits are for virtual threads: they block, and an interrupt does not end them.
public final class CommitPipeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CommitPipeline.class);

  private final CommitConfig config;
  private final CommitLog log;
  private final Index index;
  private final BodyPlaces places;
  private final CommittedBatches committed;
  private final HybridClock clock;
  private final OwnOrigin origin;
  private final PendingSet pending = new PendingSet();
  private final CommitQueue queue;
  private final CountDownLatch ended = new CountDownLatch(1);

  private volatile @Nullable NodeException stopped;
  private volatile CommitCounts counts = new CommitCounts(0, 0, 0);

  /// Starts the committer on a log and the index that was brought up to its end. Clock and chain go
  /// on from the origins that the index knows.
  ///
  /// @throws IllegalStateException if the index is not at the end of the log
  public CommitPipeline(
      Seams seams, CommitConfig config, CommitLog log, Index index, BodyPlaces places) {
    this(seams, config, log, index, places, (batch, records) -> {});
  }

  /// As above.
  ///
  /// @param committed told of each batch
  public CommitPipeline(
      Seams seams,
      CommitConfig config,
      CommitLog log,
      Index index,
      BodyPlaces places,
      CommittedBatches committed) {
    if (index.appliedBatch() != log.lastBatch()) {
      throw new IllegalStateException(
          "the index is at batch " + index.appliedBatch() + ", the log at " + log.lastBatch());
    }
    Catalog catalog = new Catalog(index);
    this.config = config;
    this.log = log;
    this.index = index;
    this.places = places;
    this.committed = committed;
    this.clock = new HybridClock(seams.clock(), catalog.highestStamp());
    this.origin = new OwnOrigin(config, seams.random(), catalog.heads());
    this.queue = new CommitQueue(config);
    seams.threads().newThread(this::run).start();
  }

  /// Commits one mutation and waits until it is durable and visible.
  ///
  /// @throws NodeException with the reason, where it was rejected or refused
  public Committed commit(Submission submission) {
    return switch (commitAll(List.of(submission)).getFirst()) {
      case Outcome.Done(Committed committed) -> committed;
      case Outcome.Failed(NodeException reason) -> throw reason;
    };
  }

  /// Commits several mutations in one trip through the queue, each by itself: one may be rejected
  /// and the next not.
  ///
  /// @return as many outcomes, in order
  public List<Outcome> commitAll(List<Submission> submissions) {
    return commitAll(CommitQueue.Lane.CLIENTS, submissions);
  }

  /// Commits what came from another site: it waits in a lane of its own and gets at most half of a
  /// batch.
  ///
  /// @throws NodeException with the reason, where it was rejected or refused
  public Committed commitFromPeer(Submission submission) {
    return switch (commitAll(CommitQueue.Lane.PEERS, List.of(submission)).getFirst()) {
      case Outcome.Done(Committed committed) -> committed;
      case Outcome.Failed(NodeException reason) -> throw reason;
    };
  }

  private List<Outcome> commitAll(CommitQueue.Lane lane, List<Submission> submissions) {
    List<Ticket> tickets = submissions.stream().map(Ticket::new).toList();
    try {
      queue.put(lane, tickets);
    } catch (NodeException refusal) {
      tickets.forEach(ticket -> refuse(ticket, refusal));
    }
    return tickets.stream().map(Ticket::await).toList();
  }

  /// Why no more writes are taken; empty while they are.
  public Optional<NodeException> stopped() {
    return Optional.ofNullable(stopped);
  }

  /// How far the site's own clock stands above its wall clock; over a minute, writes are refused
  /// with CLOCK_SKEW.
  public Duration clockAhead() {
    return clock.ahead();
  }

  /// Lets writes go on though the clock stands above the wall clock, until that has caught up, the
  /// node stops, or the wall clock falls further behind. Stamps stay above all that there is.
  ///
  /// @return false, and nothing changed, where writes were not refused for it
  public boolean acceptClockAhead() {
    if (clock.isAccepted() || clock.ahead().compareTo(config.maxAhead()) <= 0) {
      return false;
    }
    clock.accept();
    return true;
  }

  /// Whether that is so.
  public boolean isClockAheadAccepted() {
    return clock.isAccepted() && clock.ahead().compareTo(config.maxAhead()) > 0;
  }

  /// How far a stamp may be ahead of the wall clock.
  public Duration maxAhead() {
    return config.maxAhead();
  }

  /// What was done since the start.
  public CommitCounts counts() {
    return counts;
  }

  /// How many mutations wait for the committer now.
  public int queued() {
    return queue.size();
  }

  /// How many callers wait for room in the queue now.
  public int waiting() {
    return queue.waiting();
  }

  /// Refuses further mutations with SHUTTING_DOWN, commits those in the queue, then seals the log
  /// and closes it. Idempotent.
  @Override
  public void close() throws IOException {
    queue.close(new NodeException(ErrorReason.ERROR_REASON_SHUTTING_DOWN, "the node is stopping"));
    Uninterruptibles.awaitUninterruptibly(ended);
    log.close();
  }

  private void run() {
    List<Ticket> taken = List.of();
    try {
      for (taken = queue.take(); !taken.isEmpty(); taken = queue.take()) {
        NodeException stop = stopped;
        if (stop != null) {
          taken.forEach(ticket -> refuse(ticket, stop));
        } else {
          commitBatch(taken);
        }
      }
    } catch (Throwable fault) {
      abandon(taken, fault);
    } finally {
      ended.countDown();
    }
  }

  /// The committer cannot go on (no memory, say). Nobody may wait for it for ever: who was not
  /// answered yet is refused. Pins stay, since what became of the batch in hand is open.
  private void abandon(List<Ticket> inHand, Throwable fault) {
    Outcome stop = new Outcome.Failed(stop("the committer failed", fault));
    inHand.forEach(ticket -> ticket.answer(stop));
    for (List<Ticket> left = queue.take(); !left.isEmpty(); left = queue.take()) {
      left.forEach(ticket -> ticket.answer(stop));
    }
  }

  private void commitBatch(List<Ticket> tickets) {
    CommitBatch batch = new CommitBatch(config.maxAhead(), clock, origin, pending, index);
    if (!decide(batch, tickets)) {
      return;
    }
    if (!batch.records().isEmpty() && !forceAndPublish(batch)) {
      return;
    }
    if (batch.twin().isPresent()) {
      stop("another machine writes as this site: entry " + batch.twin().get(), null);
    }
    counts = counts.plus(batch);
    for (CommitBatch.Decided decided : batch.decided()) {
      release(decided.ticket());
      decided.ticket().answer(decided.outcome());
    }
  }

  /// Evaluates and joins; nothing outside the batch changes.
  private boolean decide(CommitBatch batch, List<Ticket> tickets) {
    for (Ticket ticket : tickets) {
      try {
        batch.add(ticket);
      } catch (Throwable fault) {
        NodeException stop = stop("a write could not be evaluated", fault);
        for (Ticket each : tickets) {
          refuse(
              each,
              each != ticket
                  ? stop
                  : new NodeException(ErrorReason.ERROR_REASON_INTERNAL, "a fault of ours", fault));
        }
        return false;
      }
    }
    return true;
  }

  private boolean forceAndPublish(CommitBatch batch) {
    try {
      index.mustTakeBatches();
      long number = log.lastBatch() + 1;
      List<ChunkPlace> placed = log.append(number, batch.records(), batch.bodies());
      for (int i = 0; i < placed.size(); i++) {
        EncodedChunk body = batch.bodies().get(i);
        places.placed(body.id(), placed.get(i));
      }
      index.apply(number, batch.changes());
      committed.committed(number, batch.records());
      return true;
    } catch (Throwable failure) {
      NodeException stop = stop("a write could not be made durable, or visible", failure);
      for (CommitBatch.Decided decided : batch.decided()) {
        if (!decided.writes()) {
          release(decided.ticket());
        }
        decided.ticket().answer(new Outcome.Failed(stop));
      }
      return false;
    }
  }

  /// For good. The first reason stays.
  private NodeException stop(String what, @Nullable Throwable cause) {
    NodeException stop = stopped;
    if (stop == null) {
      stop =
          new NodeException(
              ErrorReason.ERROR_REASON_READ_ONLY,
              "no more writes until the node is restarted: " + what);
      stopped = stop;
      LOG.error("no more writes until the node is restarted: {}", what, cause);
      queue.close(stop);
    }
    return stop;
  }

  private void refuse(Ticket ticket, NodeException reason) {
    release(ticket);
    ticket.answer(new Outcome.Failed(reason));
  }

  private void release(Ticket ticket) {
    try {
      ticket.submission().onApplied().run();
    } catch (Throwable fault) {
      stop("pins could not be ended", fault);
    }
  }
}
