package skarb.testkit.schedule;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;

/// Builders of virtual threads that run on an executor of ours.
///
/// JDK 25 has no public way to choose the scheduler of a virtual thread; the builder's
/// package-private constructor, there for the JDK's own tests, does it.
final class VirtualThreads {
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
      throw new IllegalStateException(
          "the scheduler of virtual threads cannot be reached: run on JDK 25 with"
              + " --add-opens=java.base/java.lang=ALL-UNNAMED",
          e);
    }
  }
}
