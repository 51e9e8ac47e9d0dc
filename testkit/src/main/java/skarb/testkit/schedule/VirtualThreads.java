package skarb.testkit.schedule;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;

/// What the JDK keeps to itself of virtual threads: the choice of their scheduler, and whether one
/// yielded.
///
/// JDK 25 has no public way to choose the scheduler; the builder's package-private constructor,
/// there for the JDK's own tests, does it. `Thread.getState` says RUNNABLE of a thread that yielded
/// and of one that was woken alike, so the finer state is read from its field.
final class VirtualThreads {
  private static final Field STATE;
  private static final int YIELDED;

  static {
    try {
      Class<?> type = Class.forName("java.lang.VirtualThread");
      STATE = type.getDeclaredField("state");
      STATE.setAccessible(true);
      Field yielded = type.getDeclaredField("YIELDED");
      yielded.setAccessible(true);
      YIELDED = yielded.getInt(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unreachable(e);
    }
  }

  private VirtualThreads() {}

  static Thread.Builder.OfVirtual builder(Executor scheduler) {
    try {
      Class<?> type = Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder");
      Constructor<?> constructor = type.getDeclaredConstructor(Executor.class);
      constructor.setAccessible(true);
      return (Thread.Builder.OfVirtual) constructor.newInstance(scheduler);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("this JVM has no continuations", e.getCause());
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unreachable(e);
    }
  }

  /// Whether the thread can go on because it called `Thread.yield`, and not because it was woken.
  static boolean hasYielded(Thread thread) {
    try {
      return STATE.getInt(thread) == YIELDED;
    } catch (IllegalAccessException e) {
      throw unreachable(e);
    }
  }

  private static IllegalStateException unreachable(Exception cause) {
    return new IllegalStateException(
        "the scheduler of virtual threads cannot be reached: run on JDK 25 with"
            + " --add-opens=java.base/java.lang=ALL-UNNAMED",
        cause);
  }
}
