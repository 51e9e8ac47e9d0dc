package skarb.sync.chunks;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// The chunks that are not asked for for a while, since the other node does not have them or gave
/// them damaged: both are told by calls with threads of their own. Bounded: when there are too many
/// all are asked for again. Safe for any thread.
final class LeftOut {
  private static final int MOST = 5_000;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Set<ByteString> chunks = new LinkedHashSet<>();

  void add(Collection<ByteString> more) {
    lock.lock();
    try {
      chunks.addAll(more);
    } finally {
      lock.unlock();
    }
  }

  /// All of them; none, and begun anew, where there are too many.
  List<ByteString> all() {
    lock.lock();
    try {
      if (chunks.size() >= MOST) {
        chunks.clear();
      }
      return List.copyOf(chunks);
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return chunks.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      chunks.clear();
    } finally {
      lock.unlock();
    }
  }
}
