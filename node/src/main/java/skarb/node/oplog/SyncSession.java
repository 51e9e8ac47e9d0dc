package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Catalog;
import skarb.node.index.LoggedEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;
import skarb.v1.ErrorReason;
import skarb.v1.LoggedOrigin;
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

  @GuardedBy("lock")
  private @Nullable PeerProgress progress;

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
    PeerProgress known = progress();
    if (known != null) {
      known.heard(shared.seams().clock().millis());
    }
    switch (message.getMessageCase()) {
      case HELLO -> hello(message.getHello());
      case ENTRIES -> entries(message.getEntries());
      case ACK -> acked(message.getAck().getPosition());
      case VECTORS -> vectors(message.getVectors());
      case MESSAGE_NOT_SET -> throw HelloJudge.refused("a message of a later release");
    }
  }

  private SiteId mustBeGreeted() {
    SiteId known = peer;
    if (known == null) {
      throw HelloJudge.refused("a message before the hello");
    }
    return known;
  }

  // ---- receiving

  private void hello(SyncHello hello) {
    if (peer != null) {
      throw HelloJudge.refused("a second hello");
    }
    SiteIdentity self = shared.identity();
    SiteId other = new SiteId(hello.getSite());
    VersionVector theirs;
    try {
      theirs =
          new HelloJudge(self, shared.catalog(), shared.matrix(), shared.rollbacks()).judge(hello);
    } catch (NodeException e) {
      if (!other.equals(self.site()) && shared.catalog().member(other).isPresent()) {
        shared.board().of(other).failed(String.valueOf(e.getMessage()), isRefusal(e));
      }
      throw e;
    }
    PeerVector vector = new PeerVector(theirs);
    peerVector = vector;
    long resume =
        hello.getResumeList().stream()
            .filter(each -> each.getStore().equals(self.store()))
            .mapToLong(SyncPosition::getBatch)
            .filter(batch -> batch <= shared.recent().last()) // else our disk was put back
            .findFirst()
            .orElse(0);
    EntrySender begun =
        new EntrySender(shared.tail(resume + 1), shared.chunks(), other, vector, self.store());
    PeerProgress known = shared.board().of(other);
    lock.lock();
    try {
      peer = other;
      if (!ended) {
        progress = known;
        known.opened(resume, shared.seams().clock().millis());
      }
      sender = begun;
      vectorsDue = true;
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void entries(SyncEntries message) {
    mustBeGreeted();
    PeerVector vector = peerVector;
    try {
      receiver.receive(
          message,
          dot -> {
            if (vector != null) {
              vector.add(dot);
            }
          });
    } catch (NodeException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_SYNC_GAP) {
        shared.beginAnew(message.getPosition().getStore());
      }
      throw e;
    }
    received(message);
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

  private void received(SyncEntries message) {
    PeerProgress known = progress();
    if (known != null && message.getEntriesCount() > 0) {
      LoggedEntry last =
          LoggedEntry.parse(message.getEntries(message.getEntriesCount() - 1).getEntry());
      known.received(message.getEntriesCount(), last.order().hlc());
    }
  }

  private void acked(SyncPosition position) {
    mustBeGreeted();
    PeerProgress known = progress();
    if (known != null && position.getStore().equals(shared.identity().store())) {
      known.acked(position.getBatch());
    }
  }

  private void vectors(SyncVectors vectors) {
    mustBeGreeted();
    PeerProgress known = progress();
    if (known != null && vectors.hasProgress()) {
      known.told(
          vectors.getProgress(), Vectors.logged(shared.catalog()), shared.seams().clock().millis());
    }
    vectors
        .getSitesList()
        .forEach(each ->
            shared.matrix().learn(new SiteId(each.getSite()), VersionVector.of(each.getJoined())));
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
        failed(e);
        wire.fail().accept(e);
      }
    }
  }

  private SyncHello greeting() {
    Catalog catalog = shared.catalog();
    SiteIdentity self = shared.identity();
    SyncHello.Builder hello =
        SyncHello.newBuilder()
            .setVersion(HelloJudge.VERSION)
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
      SyncVectors.Builder vectors = shared.matrix().toProto().toBuilder();
      return SyncMessage.newBuilder()
          .setVectors(vectors.setProgress(shared.backlogs().recent().toProto()))
          .build();
    }
    SyncEntries message = entries.poll();
    if (message == null) {
      return null;
    }
    PeerProgress known = progress();
    if (known != null) {
      known.sent(message.getEntriesCount());
    }
    return SyncMessage.newBuilder().setEntries(message).build();
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

  private @Nullable PeerProgress progress() {
    lock.lock();
    try {
      return progress;
    } finally {
      lock.unlock();
    }
  }

  /// Something failed, and the stream is about to end.
  public void failed(RuntimeException why) {
    PeerProgress known = progress();
    if (known != null) {
      known.failed(String.valueOf(why.getMessage()), isRefusal(why));
    }
  }

  private static boolean isRefusal(RuntimeException why) {
    return why instanceof NodeException known
        && (known.reason() == ErrorReason.ERROR_REASON_SYNC_REFUSED
            || known.reason() == ErrorReason.ERROR_REASON_SYNC_FORK
            || known.reason() == ErrorReason.ERROR_REASON_SYNC_ROLLED_BACK);
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
      if (progress != null) {
        progress.closed();
        progress = null;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    clock.cancel(false);
    shared.recent().unsubscribe(bell);
  }
}
