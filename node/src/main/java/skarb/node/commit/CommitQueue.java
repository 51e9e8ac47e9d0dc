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

/// What waits for the committer, bounded by number and by bytes. Callers who find it full wait for
/// room, the first come first; more waiters than the bound are refused with OVERLOADED.
///
/// Safe for any thread. One lock, held for moments only.
final class CommitQueue {
  private final CommitConfig bounds;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();

  @GuardedBy("lock")
  private final ArrayDeque<Ticket> queued = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

  @GuardedBy("lock")
  private long queuedBytes;

  @GuardedBy("lock")
  private @Nullable NodeException closed;

  CommitQueue(CommitConfig bounds) {
    this.bounds = bounds;
  }

  /// Adds all, together and in order, as soon as there is room. What is larger than the whole queue
  /// goes in when it is empty.
  ///
  /// @throws NodeException OVERLOADED, or why the queue is closed; then none was added
  void put(List<Ticket> tickets) {
    long bytes = tickets.stream().mapToLong(Ticket::estimatedBytes).sum();
    lock.lock();
    try {
      if (closed == null && (!waiters.isEmpty() || !fits(tickets.size(), bytes))) {
        waitForRoom(tickets.size(), bytes);
      }
      if (closed != null) {
        throw closed;
      }
      queued.addAll(tickets);
      queuedBytes += bytes;
      filled.signal();
      wakeFirstWaiter();
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
      while (queued.isEmpty() && closed == null) {
        filled.awaitUninterruptibly();
      }
      List<Ticket> taken = new ArrayList<>();
      long bytes = 0;
      Ticket next = queued.peek();
      while (next != null
          && (taken.isEmpty()
              || (taken.size() < bounds.maxBatchMutations()
                  && bytes + next.estimatedBytes() <= bounds.maxBatchBytes()))) {
        taken.add(queued.remove());
        bytes += next.estimatedBytes();
        next = queued.peek();
      }
      queuedBytes -= bytes;
      wakeFirstWaiter();
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
      for (Waiter waiter : waiters) {
        waiter.turn.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many mutations wait.
  int size() {
    lock.lock();
    try {
      return queued.size();
    } finally {
      lock.unlock();
    }
  }

  /// How many callers wait for room.
  int waiting() {
    lock.lock();
    try {
      return waiters.size();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void waitForRoom(int count, long bytes) {
    if (waiters.size() >= bounds.maxWaiters()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_OVERLOADED, "too many writes wait: try again later");
    }
    Waiter self = new Waiter(lock.newCondition());
    waiters.add(self);
    while (closed == null && (waiters.peek() != self || !fits(count, bytes))) {
      self.turn.awaitUninterruptibly();
    }
    waiters.remove(self);
  }

  @GuardedBy("lock")
  private boolean fits(int count, long bytes) {
    return queued.isEmpty()
        || (queued.size() + count <= bounds.maxQueuedMutations()
            && queuedBytes + bytes <= bounds.maxQueuedBytes());
  }

  @GuardedBy("lock")
  private void wakeFirstWaiter() {
    Waiter first = waiters.peek();
    if (first != null) {
      first.turn.signal();
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
