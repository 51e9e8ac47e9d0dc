package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Catalog;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.v1.Dot;
import skarb.v1.ErrorReason;
import skarb.v1.LoggedOrigin;
import skarb.v1.MemberValue;
import skarb.v1.OriginHead;
import skarb.v1.SyncAck;
import skarb.v1.SyncEntries;
import skarb.v1.SyncHello;
import skarb.v1.SyncMessage;
import skarb.v1.SyncPosition;
import skarb.v1.SyncVectors;

/// One stream between two sites, as one of them sees it.
///
/// ```
///  sender, a thread of its own              receiver, the thread that brings messages
///   hello                                    hello     does it fit? then entries may go out
///   ack      of what was logged last         entries   logged and forced, one message at a time
///   vectors  where they changed              ack       the other has logged so far
///   entries  as the journal goes on          vectors   into the matrix
/// ```
///
/// The receiver never waits for the sender: what it has to say (an acknowledgement, vectors) is
/// left for the sender, the newest taking the place of the last. So two sites that send all they
/// have at once cannot wait for each other for ever.
public final class SyncSession {
  private static final int VERSION = 1;
  private static final long VECTORS_MILLIS = 1_000;

  private final Replication shared;
  private final Wire wire;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Runnable bell = this::wake;
  private final ScheduledFuture<?> clock;
  private final EntryReceiver receiver;

  @GuardedBy("lock")
  private boolean ended;

  @GuardedBy("lock")
  private @Nullable EntrySender sender;

  @GuardedBy("lock")
  private @Nullable SyncPosition unacknowledged;

  @GuardedBy("lock")
  private boolean vectorsDue;

  /// Whether something rang since the sender last looked.
  @GuardedBy("lock")
  private boolean rung;

  /// Of the receiving thread.
  private @Nullable SiteId peer;

  private @Nullable PeerVector peerVector;

  /// The stream to the other site.
  ///
  /// @param isReady whether a message may be sent without piling up
  /// @param send sends one
  /// @param fail ends the stream with an error
  public record Wire(
      BooleanSupplier isReady, Consumer<SyncMessage> send, Consumer<RuntimeException> fail) {}

  public SyncSession(Replication shared, Wire wire) {
    this.shared = shared;
    this.wire = wire;
    this.receiver = shared.receiver();
    this.clock =
        shared
            .seams()
            .timer()
            .scheduleWithFixedDelay(
                this::vectorsAreDue, VECTORS_MILLIS, VECTORS_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Begins to send.
  public void start() {
    shared.recent().subscribe(bell);
    shared.seams().executor().execute(this::send);
  }

  /// Takes a message of the other site. One thread at a time.
  ///
  /// @throws NodeException where the stream must end
  public void receive(SyncMessage message) {
    switch (message.getMessageCase()) {
      case HELLO -> hello(message.getHello());
      case ENTRIES -> entries(message.getEntries());
      case ACK -> mustBeGreeted();
      case VECTORS -> vectors(message.getVectors());
      case MESSAGE_NOT_SET -> throw refused("a message of a later release");
    }
  }

  private SiteId mustBeGreeted() {
    SiteId known = peer;
    if (known == null) {
      throw refused("a message before the hello");
    }
    return known;
  }

  // ---- receiving

  private void hello(SyncHello hello) {
    if (peer != null) {
      throw refused("a second hello");
    }
    SiteIdentity self = shared.identity();
    SiteId other = new SiteId(hello.getSite());
    if (hello.getVersion() != VERSION) {
      throw refused("version " + hello.getVersion() + " of the protocol");
    }
    if (!hello.getRealm().equals(self.realm())) {
      throw refused("another realm");
    }
    if (other.equals(self.site())) {
      throw refused("a site with this site's own id");
    }
    mustBeMember(self.site(), "this site");
    mustBeMember(other, "the other site");
    Map<OriginId, Long> logged = new TreeMap<>();
    for (LoggedOrigin origin : hello.getLoggedList()) {
      checkFork(origin);
      logged.put(new OriginId(origin.getLast().getOrigin()), origin.getLast().getSequence());
    }
    VersionVector theirs = new VersionVector(new TreeMap<>(logged));
    checkRollback(other, theirs);
    PeerVector vector = new PeerVector(theirs);
    peer = other;
    peerVector = vector;
    long from =
        hello.getResumeList().stream()
            .filter(each -> each.getStore().equals(self.store()))
            .mapToLong(each -> each.getBatch() + 1)
            .findFirst()
            .orElse(1);
    EntrySender begun = new EntrySender(shared.tail(from), shared.chunks(), vector, self.store());
    lock.lock();
    try {
      sender = begun;
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void mustBeMember(SiteId site, String who) {
    Optional<MemberValue> member = shared.catalog().member(site);
    if (member.isEmpty() || member.get().getLeft()) {
      throw refused(who + " is not a member of the realm");
    }
  }

  private void checkFork(LoggedOrigin theirs) {
    Dot last = theirs.getLast();
    Optional<OriginHead> ours = shared.catalog().head(new OriginId(last.getOrigin()));
    if (ours.isPresent()
        && ours.get().getSequence() == last.getSequence()
        && !ours.get().getHash().equals(theirs.getHash())) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_SYNC_FORK,
          "two histories of origin " + new OriginId(last.getOrigin()),
          Map.of(
              "origin", new OriginId(last.getOrigin()).toString(),
              "sequence", Long.toString(last.getSequence())));
    }
  }

  /// A site whose vector is below what others know of it, or that lacks entries of its own, was put
  /// back to an earlier state.
  private void checkRollback(SiteId other, VersionVector theirs) {
    VersionVector known = shared.matrix().of(other);
    for (Map.Entry<OriginId, OriginHead> head : shared.catalog().heads().entrySet()) {
      long last = head.getValue().getSequence();
      EntryDot dot = new EntryDot(head.getKey(), last);
      if (head.getKey().site().equals(other) && !theirs.covers(dot)) {
        throw rolledBack(other, dot);
      }
    }
    for (Map.Entry<OriginId, Long> each : known.components().entrySet()) {
      EntryDot dot = new EntryDot(each.getKey(), each.getValue());
      if (!theirs.covers(dot)) {
        throw rolledBack(other, dot);
      }
    }
  }

  private static NodeException rolledBack(SiteId site, EntryDot lacks) {
    return new NodeException(
        ErrorReason.ERROR_REASON_SYNC_ROLLED_BACK,
        "site " + site + " lacks entry " + lacks + ", which it had: its disk was put back",
        Map.of(
            "site", site.toString(),
            "origin", lacks.origin().toString(),
            "sequence", Long.toString(lacks.sequence())));
  }

  private void entries(SyncEntries message) {
    mustBeGreeted();
    PeerVector vector = peerVector;
    receiver.receive(
        message,
        dot -> {
          if (vector != null) {
            vector.add(dot);
          }
        });
    shared.logged(message.getPosition());
    lock.lock();
    try {
      unacknowledged = message.getPosition();
      vectorsDue = true;
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void vectors(SyncVectors vectors) {
    mustBeGreeted();
    vectors
        .getSitesList()
        .forEach(each ->
            shared.matrix().learn(new SiteId(each.getSite()), VersionVector.of(each.getJoined())));
  }

  private static NodeException refused(String what) {
    return new NodeException(ErrorReason.ERROR_REASON_SYNC_REFUSED, what, Map.of("what", what));
  }

  // ---- sending

  private void send() {
    try {
      wire.send().accept(SyncMessage.newBuilder().setHello(greeting()).build());
      while (awaitRoom()) {
        SyncMessage next = next();
        if (next != null) {
          wire.send().accept(next);
        } else if (!awaitWork()) {
          return;
        }
      }
    } catch (RuntimeException e) {
      if (!isEnded()) {
        wire.fail().accept(e);
      }
    }
  }

  private SyncHello greeting() {
    Catalog catalog = shared.catalog();
    SiteIdentity self = shared.identity();
    SyncHello.Builder hello =
        SyncHello.newBuilder()
            .setVersion(VERSION)
            .setSite(self.site().value())
            .setSiteName(self.name())
            .setRealm(self.realm())
            .addAllResume(shared.positions());
    catalog
        .heads()
        .forEach((origin, head) ->
            hello.addLogged(
                LoggedOrigin.newBuilder()
                    .setLast(new EntryDot(origin, head.getSequence()).toProto())
                    .setHash(head.getHash())));
    return hello.build();
  }

  private @Nullable SyncMessage next() {
    EntrySender entries;
    lock.lock();
    try {
      SyncPosition acked = unacknowledged;
      if (acked != null) {
        unacknowledged = null;
        return SyncMessage.newBuilder().setAck(SyncAck.newBuilder().setPosition(acked)).build();
      }
      if (sender == null) {
        return null;
      }
      if (vectorsDue) {
        vectorsDue = false;
        entries = null;
      } else {
        entries = sender;
      }
    } finally {
      lock.unlock();
    }
    if (entries == null) {
      shared.matrix().learn(shared.identity().site(), Vectors.joined(shared.catalog()));
      return SyncMessage.newBuilder().setVectors(shared.matrix().toProto()).build();
    }
    SyncEntries message = entries.poll();
    return message == null ? null : SyncMessage.newBuilder().setEntries(message).build();
  }

  /// @return false when the stream has ended
  private boolean awaitRoom() {
    lock.lock();
    try {
      while (!ended && !wire.isReady().getAsBoolean()) {
        changed.awaitUninterruptibly();
      }
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something rang since the last look. What rings between the look and the wait is
  /// not lost: it left its mark.
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!ended && !rung) {
        changed.awaitUninterruptibly();
      }
      rung = false;
      return !ended;
    } finally {
      lock.unlock();
    }
  }

  /// There may be something to send, or room for it.
  public void wake() {
    lock.lock();
    try {
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void vectorsAreDue() {
    lock.lock();
    try {
      vectorsDue = true;
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /// The stream has ended, however it did. Idempotent.
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    clock.cancel(false);
    shared.recent().unsubscribe(bell);
  }
}
