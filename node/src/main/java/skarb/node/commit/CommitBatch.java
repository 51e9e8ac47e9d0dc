package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.IndexView;
import skarb.node.index.Join;
import skarb.node.index.LocalRecords;
import skarb.node.index.LoggedEntry;
import skarb.node.index.RowChanges;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;
import skarb.v1.JournalRecord;
import skarb.v1.LocalRecord;

/// A batch in the making: each mutation is held against the rows as those before it leave them, and
/// becomes records or a rejection. Nothing outside is touched; the clock and the chain run on,
/// which matters only if the batch is written.
///
/// Of one thread, the committer's.
final class CommitBatch {
  private final Duration maxAhead;
  private final HybridClock clock;
  private final OwnOrigin origin;
  private final RowChanges changes;
  private final List<ByteString> records = new ArrayList<>();
  private final List<EncodedChunk> bodies = new ArrayList<>();
  private final List<Decided> decided = new ArrayList<>();

  /// @param rows the rows as the batch before left them
  CommitBatch(Duration maxAhead, HybridClock clock, OwnOrigin origin, IndexView rows) {
    this.maxAhead = maxAhead;
    this.clock = clock;
    this.origin = origin;
    this.changes = new RowChanges(rows);
  }

  /// A mutation and what became of it, which its caller may hear once the batch was forced.
  ///
  /// @param writes whether records of it are in the batch
  record Decided(Ticket ticket, Outcome outcome, boolean writes) {}

  /// Takes in the next mutation.
  ///
  /// @throws RuntimeException if something is wrong with us: the batch must not be written
  void add(Ticket ticket) {
    Evaluation evaluation = evaluate(ticket.submission());
    switch (evaluation) {
      case Evaluation.Rejected(NodeException reason) ->
          decided.add(new Decided(ticket, new Outcome.Failed(reason), false));
      case Evaluation.Holds(Committed.Answer answer) ->
          decided.add(done(ticket, Optional.empty(), answer));
      case Evaluation.Write write -> decided.add(write(ticket, write));
      case Evaluation.WriteLocal write -> decided.add(writeLocal(ticket, write));
    }
  }

  /// Serialised `JournalRecord`s, in order; none if nothing was written.
  List<ByteString> records() {
    return records;
  }

  /// The bodies that ride along.
  List<EncodedChunk> bodies() {
    return bodies;
  }

  /// What the records do to the rows.
  RowChanges changes() {
    return changes;
  }

  /// The mutations in order with what became of them.
  List<Decided> decided() {
    return decided;
  }

  private Evaluation evaluate(Submission submission) {
    Duration ahead = clock.ahead();
    if (ahead.compareTo(maxAhead) > 0) {
      return new Evaluation.Rejected(
          new NodeException(
              ErrorReason.ERROR_REASON_CLOCK_SKEW,
              "this node's clock stands "
                  + ahead.toSeconds()
                  + " s behind the stamps of writes that it holds: set its wall clock right, or wait",
              Map.of("ahead_millis", Long.toString(ahead.toMillis()))));
    }
    return MutationEvaluator.evaluate(submission.mutation(), submission.fence(), changes);
  }

  private Decided write(Ticket ticket, Evaluation.Write write) {
    if (origin.isUnborn()) {
      append(origin.bear(clock.stamp(Hlc.ZERO)));
    }
    Hlc stamp = clock.stamp(write.superseded());
    EntryDot dot = origin.nextDot();
    EntryOrder order = new EntryOrder(stamp, dot.origin());
    Evaluation.Effects effects = write.draft().at(dot, order);
    append(origin.write(stamp, effects.effects(), effects.scope(), write.replaces()));
    effects.local().forEach(this::append);
    bodies.addAll(ticket.submission().bodies());
    return done(ticket, Optional.of(new Committed.Written(dot, order)), effects.answer());
  }

  /// A stamp of this site is unique only once its origin is known: local records bear it too.
  private Decided writeLocal(Ticket ticket, Evaluation.WriteLocal write) {
    if (origin.isUnborn()) {
      append(origin.bear(clock.stamp(Hlc.ZERO)));
    }
    EntryOrder stamp = new EntryOrder(clock.stamp(Hlc.ZERO), origin.nextDot().origin());
    Evaluation.LocalEffects effects = write.draft().at(stamp);
    effects.records().forEach(this::append);
    bodies.addAll(ticket.submission().bodies());
    Outcome done = new Outcome.Done(new Committed(Optional.empty(), effects.answer()));
    return new Decided(ticket, done, true);
  }

  private void append(LoggedEntry entry) {
    Join.apply(changes, entry, true);
    records.add(JournalRecord.newBuilder().setEntry(entry.bytes()).build().toByteString());
  }

  private void append(LocalRecord local) {
    LocalRecords.apply(changes, local);
    records.add(JournalRecord.newBuilder().setLocal(local).build().toByteString());
  }

  private static Decided done(
      Ticket ticket, Optional<Committed.Written> written, Committed.Answer answer) {
    return new Decided(
        ticket, new Outcome.Done(new Committed(written, answer)), written.isPresent());
  }
}
