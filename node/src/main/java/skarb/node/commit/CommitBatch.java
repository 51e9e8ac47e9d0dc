package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.Bodies;
import skarb.node.index.Catalog;
import skarb.node.index.EntryRejectedException;
import skarb.node.index.IndexView;
import skarb.node.index.Join;
import skarb.node.index.LocalRecords;
import skarb.node.index.LoggedEntry;
import skarb.node.index.Noticed;
import skarb.node.index.RowChanges;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.v1.ConflictResolution;
import skarb.v1.Effect;
import skarb.v1.ErrorReason;
import skarb.v1.JournalRecord;
import skarb.v1.LocalRecord;
import skarb.v1.PendingReason;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.SyncPosition;

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
  private final PendingSet pending;
  private @Nullable EntryDot twin;

  /// @param pending what is pending, kept from batch to batch
  /// @param rows the rows as the batch before left them
  CommitBatch(
      Duration maxAhead, HybridClock clock, OwnOrigin origin, PendingSet pending, IndexView rows) {
    this.maxAhead = maxAhead;
    this.clock = clock;
    this.origin = origin;
    this.pending = pending;
    this.changes = new RowChanges(rows);
    pending.load(changes);
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
      case Evaluation.Log(List<Mutation.ReceivedEntry> entries, Optional<SyncPosition> position) ->
          decided.add(log(ticket, entries, position));
      case Evaluation.Release(List<Mutation.PendingEntry> entries) ->
          decided.add(release(ticket, entries));
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

  /// The birth of an origin of this very site that is none of ours; empty while all is well.
  Optional<EntryDot> twin() {
    return Optional.ofNullable(twin);
  }

  private Evaluation evaluate(Submission submission) {
    if (!isOfPeers(submission.mutation()) && clock.isTooFarAhead(maxAhead)) {
      Duration ahead = clock.ahead();
      return new Evaluation.Rejected(
          new NodeException(
              ErrorReason.ERROR_REASON_CLOCK_SKEW,
              "this node's wall clock stands "
                  + ahead.toSeconds()
                  + " s behind the stamps of writes that it holds: set the wall clock right, wait until it"
                  + " has caught up, or let it write all the same with 'skarb clock reset'",
              Map.of("ahead_millis", Long.toString(ahead.toMillis()))));
    }
    return MutationEvaluator.evaluate(submission.mutation(), submission.fence(), changes);
  }

  /// What other sites wrote is taken in whatever our own clock says.
  private static boolean isOfPeers(Mutation mutation) {
    return mutation instanceof Mutation.LogEntries
        || mutation instanceof Mutation.ReleaseEntries
        || mutation instanceof Mutation.NoteBodies
        || mutation instanceof Mutation.DropTombstones;
  }

  private Decided write(Ticket ticket, Evaluation.Write write) {
    bear();
    Hlc stamp = clock.stamp(write.superseded());
    EntryDot dot = origin.nextDot();
    EntryOrder order = new EntryOrder(stamp, dot.origin());
    Evaluation.Effects effects = write.draft().at(dot, order);
    append(
        origin.write(
            stamp,
            effects.effects(),
            effects.scopes(),
            write.replaces(),
            pending.on(effects.scopes())));
    effects.local().forEach(this::append);
    bodies.addAll(ticket.submission().bodies());
    return done(ticket, Optional.of(new Committed.Written(dot, order)), effects.answer());
  }

  /// A stamp of this site is unique only once its origin is known: local records bear it too.
  private Decided writeLocal(Ticket ticket, Evaluation.WriteLocal write) {
    bear();
    EntryOrder stamp = new EntryOrder(clock.stamp(Hlc.ZERO), origin.nextDot().origin());
    Evaluation.LocalEffects effects = write.draft().at(stamp);
    effects.records().forEach(this::append);
    bodies.addAll(ticket.submission().bodies());
    Outcome done = new Outcome.Done(new Committed(Optional.empty(), effects.answer()));
    return new Decided(ticket, done, true);
  }

  private void bear() {
    if (origin.isUnborn()) {
      append(origin.bear(clock.stamp(Hlc.ZERO)));
    }
  }

  private Decided log(
      Ticket ticket, List<Mutation.ReceivedEntry> entries, Optional<SyncPosition> position) {
    boolean any = releaseDue(Map.of());
    int logged = 0;
    int pended = 0;
    for (Mutation.ReceivedEntry received : entries) {
      LoggedEntry entry = received.entry();
      try {
        if (Join.isLogged(changes, entry)) {
          continue;
        }
      } catch (EntryRejectedException e) {
        return new Decided(ticket, new Outcome.Failed(doesNotFollow(entry, e)), any);
      }
      logged++;
      any = true;
      Optional<PendingReason> unfit =
          ReceivedEntryRules.unfit(changes, entry)
              .or(() ->
                  clock.isAhead(entry.order().hlc(), maxAhead)
                      ? Optional.of(PendingReason.PENDING_REASON_STAMP_AHEAD)
                      : Optional.empty());
      if (unfit.isPresent()) {
        pended++;
        append(LocalRecords.pended(entry.dot(), unfit.get()));
        append(entry);
        pending.add(entry, unfit.get());
      } else {
        act(entry, received.wanted(), () -> append(entry));
      }
      origin.saw(entry.dot());
    }
    boolean moved = position.isPresent() && moveTo(position.get());
    bodies.addAll(ticket.submission().bodies());
    Outcome done =
        new Outcome.Done(
            new Committed(Optional.empty(), new Committed.EntriesLogged(logged, pended)));
    return new Decided(ticket, done, any || moved);
  }

  /// Notes in the batch of a journal's entries up to where it is logged.
  private boolean moveTo(SyncPosition position) {
    boolean news =
        position.getBatch() > 0
            && new Catalog(changes).position(position.getStore()) != position.getBatch();
    if (news) {
      append(LocalRecords.position(position.getStore(), position.getBatch()));
    }
    return news;
  }

  private Decided release(Ticket ticket, List<Mutation.PendingEntry> entries) {
    Map<EntryDot, Boolean> wanted = new HashMap<>();
    entries.forEach(each -> wanted.put(each.dot(), each.wanted()));
    boolean any = releaseDue(wanted);
    for (Mutation.PendingEntry each : entries) {
      if (!pending.holds(each.dot())) {
        continue;
      }
      LoggedEntry entry = Join.pending(changes, each.dot());
      if (clock.isAhead(entry.order().hlc(), maxAhead) || Join.unfit(entry).isPresent()) {
        continue;
      }
      any = true;
      release(entry, each.wanted());
    }
    Outcome done = new Outcome.Done(new Committed(Optional.empty(), new Committed.Noted()));
    return new Decided(ticket, done, any);
  }

  /// Lets the entries act that the wall clock has caught up with, before others do: what replaces
  /// another knowingly has the higher stamp, and must not act before it.
  ///
  /// @param wanted of which it is known whether their contents are here; of others it is found out
  ///   later
  /// @return whether there were any
  private boolean releaseDue(Map<EntryDot, Boolean> wanted) {
    List<EntryDot> due = pending.due(stamp -> clock.isAhead(stamp, maxAhead));
    for (EntryDot dot : due) {
      LoggedEntry entry = Join.pending(changes, dot);
      boolean hasContents = Bodies.of(entry.entry()).getManifestsCount() > 0;
      release(entry, wanted.getOrDefault(dot, hasContents));
    }
    return !due.isEmpty();
  }

  private void release(LoggedEntry entry, boolean wanted) {
    act(
        entry,
        wanted,
        () -> {
          LocalRecord record = LocalRecords.released(entry.dot());
          records.add(JournalRecord.newBuilder().setLocal(record).build().toByteString());
          return Join.release(changes, entry.dot());
        });
    pending.remove(entry.dot());
  }

  /// Lets an entry of another site act, and puts on record what that reveals.
  private void act(LoggedEntry entry, boolean wanted, Supplier<List<Noticed>> step) {
    if (wanted) {
      append(LocalRecords.wanted(entry.dot()));
    }
    List<Noticed> noticed = step.get();
    clock.joined(entry.order().hlc());
    if (origin.isTwin(entry)) {
      twin = entry.dot();
    }
    noticed.forEach(this::record);
  }

  private void record(Noticed noticed) {
    bear();
    switch (noticed) {
      case Noticed.Lost lost ->
          writeOwn(
              Registers.conflictKept(lost),
              Registers.conflictScope(
                  lost.bucket(), lost.key(), RegisterKind.REGISTER_KIND_CONFLICT));
      case Noticed.Replaced(var bucket, var key, var loser, var loserDot) ->
          writeOwn(
              Registers.conflictResolved(
                  bucket, key, loser, loserDot, ConflictResolution.CONFLICT_RESOLUTION_REPLACED),
              Registers.conflictScope(bucket, key, RegisterKind.REGISTER_KIND_CONFLICT_RESOLVED));
    }
  }

  private void writeOwn(Effect effect, Scope scope) {
    Hlc stamp = clock.stamp(Hlc.ZERO);
    List<Scope> scopes = List.of(scope);
    append(origin.write(stamp, List.of(effect), scopes, List.of(), pending.on(scopes)));
  }

  private static NodeException doesNotFollow(LoggedEntry entry, EntryRejectedException why) {
    boolean gap = why.reason() == EntryRejectedException.Reason.GAP;
    return new NodeException(
        gap ? ErrorReason.ERROR_REASON_SYNC_GAP : ErrorReason.ERROR_REASON_SYNC_FORK,
        why.getMessage() == null ? "" : why.getMessage(),
        Map.of(
            "origin", entry.dot().origin().toString(),
            "sequence", Long.toString(entry.dot().sequence())));
  }

  private List<Noticed> append(LoggedEntry entry) {
    List<Noticed> noticed = Join.join(changes, entry).noticed();
    records.add(JournalRecord.newBuilder().setEntry(entry.bytes()).build().toByteString());
    return noticed;
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
