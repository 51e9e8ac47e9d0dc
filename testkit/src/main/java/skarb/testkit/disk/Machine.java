package skarb.testkit.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every operation goes through: the test's hook, the one lock, the power, the armed faults,
/// the log.
///
/// 1. `announce`, with no lock held;
/// 2. `lock`, `requirePower`, and the checks that would refuse the operation anyway;
/// 3. `judge`, which counts it and asks the faults;
/// 4. its effect, as far as the verdict lets it have one;
/// 5. `conclude`, which throws what the verdict wants.
final class Machine {
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Consumer<DiskOperation> hook = operation -> {};

  // Guarded by the lock.
  private final Faults faults = new Faults();
  private final OperationLog log = new OperationLog();
  private final OpenFiles openFiles = new OpenFiles();
  private boolean powered = true;
  private long life;

  <T extends @Nullable Object> T locked(Supplier<T> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  void change(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      lock.unlock();
    }
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  void announce(DiskOperation operation) {
    hook.accept(operation);
  }

  void requirePower() {
    if (!powered) {
      throw new SimulatedCrash("the power is off");
    }
  }

  /// Throws unless the power is on and has been since the life in which a channel was opened.
  void requireLife(long ofChannel) throws IOException {
    requirePower();
    if (ofChannel != life) {
      throw new ClosedChannelException();
    }
  }

  Faults.Verdict judge(DiskOperation operation) {
    log.add(operation);
    return faults.judge(operation);
  }

  void conclude(DiskOperation operation, Faults.Verdict verdict) throws IOException {
    switch (verdict) {
      case PROCEED -> {}
      case FAIL -> throw failure(operation);
      case CUT -> {
        powered = false;
        throw new SimulatedCrash("the power was cut at: " + operation);
      }
    }
  }

  static IOException failure(DiskOperation operation) {
    return new IOException("Input/output error (simulated) at: " + operation);
  }

  void powerOff() {
    change(() -> powered = false);
  }

  /// Ends the process, and with it all channels and faults; the power is on afterwards.
  void endLife() {
    openFiles.clear();
    faults.clear();
    life++;
    powered = true;
  }

  long life() {
    return life;
  }

  void setHook(Consumer<DiskOperation> newHook) {
    hook = newHook;
  }

  Faults faults() {
    return faults;
  }

  OperationLog log() {
    return log;
  }

  OpenFiles openFiles() {
    return openFiles;
  }
}
