package skarb.testkit.net;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.testkit.net.SimulatedLink.Direction;

/// One direction of one call: what was sent is done in its order, each at its time, one at a time.
final class Pipe {
  private final SimulatedLink link;
  private final Direction direction;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final ArrayDeque<Sent> underWay = new ArrayDeque<>();
  private @Nullable Runnable last;
  private long lastDue;
  private boolean closed;
  private boolean delivering;

  private record Sent(long due, Runnable delivery) {}

  Pipe(SimulatedLink link, Direction direction) {
    this.link = link;
    this.direction = direction;
  }

  void add(Runnable delivery) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      lastDue = Math.max(lastDue, link.time().nanoTime() + link.delayNanos());
      underWay.add(new Sent(lastDue, delivery));
    } finally {
      lock.unlock();
    }
    schedule();
  }

  int size() {
    lock.lock();
    try {
      return underWay.size();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more comes; what was under way is lost.
  ///
  /// @param ending done at the end, where nothing was before; may be null where another follows
  void close(@Nullable Runnable ending) {
    lock.lock();
    try {
      underWay.clear();
      if (ending != null && last == null) {
        last = ending;
        underWay.add(new Sent(link.time().nanoTime(), ending));
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    schedule();
  }

  /// Comes back when the next is due.
  void schedule() {
    long due;
    lock.lock();
    try {
      Sent next = underWay.peek();
      if (next == null) {
        return;
      }
      due = next.due();
    } finally {
      lock.unlock();
    }
    link.later(Math.max(0, due - link.time().nanoTime()), this::deliver);
  }

  private void deliver() {
    lock.lock();
    try {
      if (delivering) {
        return;
      }
      delivering = true;
    } finally {
      lock.unlock();
    }
    boolean done = false;
    try {
      for (Sent next = due(); next != null; next = due()) {
        next.delivery().run();
      }
      done = true;
    } finally {
      if (!done) {
        endTurn();
      }
    }
    if (!link.isStalled(direction)) {
      schedule();
    }
  }

  private void endTurn() {
    lock.lock();
    try {
      delivering = false;
    } finally {
      lock.unlock();
    }
  }

  /// What is due now; ends the turn of the one who delivers where there is nothing.
  private @Nullable Sent due() {
    boolean isStalled = link.isStalled(direction);
    lock.lock();
    try {
      Sent next = underWay.peek();
      boolean isEnding = next != null && next.delivery().equals(last);
      if (next == null || next.due() > link.time().nanoTime() || (isStalled && !isEnding)) {
        delivering = false;
        return null;
      }
      underWay.remove();
      return next;
    } finally {
      lock.unlock();
    }
  }
}
