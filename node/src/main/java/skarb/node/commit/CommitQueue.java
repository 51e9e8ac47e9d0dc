package skarb.node.commit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// What waits for the committer, bounded by number and by bytes, in two lanes with bounds of their
/// own: what clients ask, and what comes from other sites, which gets at most half of a batch, so
/// that a site that catches up does not hold up its clients. Callers who find their lane full wait
/// for room, the first come first; more waiters than the bound are refused with OVERLOADED.
///
/// Safe for any thread. One lock, held for moments only.
final class CommitQueue {
  private final CommitConfig bounds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();

  @GuardedBy("lock")
  private final Waiting clients = new Waiting();

  @GuardedBy("lock")
  private final Waiting peers = new Waiting();

  @GuardedBy("lock")
  private @Nullable NodeException closed;

  CommitQueue(CommitConfig bounds) {
    this.bounds = bounds;
  }

  /// Where a mutation comes from.
  enum Lane {
    /// Clients, and the node itself.
    CLIENTS,
    /// Other sites.
    PEERS
  }

  /// Adds all, together and in order, as soon as there is room. What is larger than the whole lane
  /// goes in when it is empty.
  ///
  /// @throws NodeException OVERLOADED, or why the queue is closed; then none was added
  void put(Lane lane, List<Ticket> tickets) {
    long bytes = tickets.stream().mapToLong(Ticket::estimatedBytes).sum();
    lock.lock();
    try {
      Waiting waiting = lane == Lane.CLIENTS ? clients : peers;
      if (closed == null && (!waiting.waiters.isEmpty() || !fits(waiting, tickets.size(), bytes))) {
        waitForRoom(waiting, tickets.size(), bytes);
      }
      if (closed != null) {
        throw closed;
      }
      waiting.queued.addAll(tickets);
      waiting.queuedBytes += bytes;
      filled.signal();
      waiting.wakeFirst();
    } finally {
      lock.unlock();
    }
  }

  /// Takes what waits, up to the bounds of a batch and at least one; waits while there is nothing.
  ///
  /// @return empty when the queue is closed and nothing is left
  List<Ticket> take() {
    lock.lock();
    try {
      while (clients.queued.isEmpty() && peers.queued.isEmpty() && closed == null) {
        filled.awaitUninterruptibly();
      }
      List<Ticket> taken = new ArrayList<>();
      long bytes = peers.take(taken, bounds.maxBatchMutations() / 2, bounds.maxBatchBytes() / 2, 0);
      clients.take(taken, bounds.maxBatchMutations(), bounds.maxBatchBytes(), bytes);
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Refuses whatever comes from now on, and whoever waits for room; what is queued can still be
  /// taken. The first reason stays.
  void close(NodeException reason) {
    lock.lock();
    try {
      if (closed == null) {
        closed = reason;
      }
      filled.signal();
      clients.waiters.forEach(waiter -> waiter.turn.signal());
      peers.waiters.forEach(waiter -> waiter.turn.signal());
    } finally {
      lock.unlock();
    }
  }

  /// How many mutations wait.
  int size() {
    lock.lock();
    try {
      return clients.queued.size() + peers.queued.size();
    } finally {
      lock.unlock();
    }
  }

  /// How many callers wait for room.
  int waiting() {
    lock.lock();
    try {
      return clients.waiters.size() + peers.waiters.size();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void waitForRoom(Waiting lane, int count, long bytes) {
    if (lane.waiters.size() >= bounds.maxWaiters()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_OVERLOADED, "too many writes wait: try again later");
    }
    Waiter self = new Waiter(lock.newCondition());
    lane.waiters.add(self);
    while (closed == null && (lane.waiters.peek() != self || !fits(lane, count, bytes))) {
      self.turn.awaitUninterruptibly();
    }
    lane.waiters.remove(self);
  }

  @GuardedBy("lock")
  private boolean fits(Waiting lane, int count, long bytes) {
    return lane.queued.isEmpty()
        || (lane.queued.size() + count <= bounds.maxQueuedMutations()
            && lane.queuedBytes + bytes <= bounds.maxQueuedBytes());
  }

  /// One lane. Guarded by the queue's lock.
  private static final class Waiting {
    final ArrayDeque<Ticket> queued = new ArrayDeque<>();
    final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    long queuedBytes;

    /// @param taken what is in the batch already, to which it adds; the first fits always
    /// @param bytes what these have
    /// @return what all have
    long take(List<Ticket> taken, int maxCount, long maxBytes, long bytes) {
      long sum = bytes;
      for (Ticket next = queued.peek();
          next != null
              && (taken.isEmpty()
                  || (taken.size() < maxCount && sum + next.estimatedBytes() <= maxBytes));
          next = queued.peek()) {
        taken.add(queued.remove());
        sum += next.estimatedBytes();
      }
      queuedBytes -= sum - bytes;
      wakeFirst();
      return sum;
    }

    void wakeFirst() {
      Waiter first = waiters.peek();
      if (first != null) {
        first.turn.signal();
      }
    }
  }

  /// Somebody who waits for room.
  private static final class Waiter {
    final Condition turn;

    Waiter(Condition turn) {
      this.turn = turn;
    }
  }
}
