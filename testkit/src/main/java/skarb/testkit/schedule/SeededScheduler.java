package skarb.testkit.schedule;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.time.VirtualTime;

/// Runs virtual threads one at a time, in an order that a seed decides, so that a race found once
/// is found again.
///
/// ```java
/// try (var scheduler = new SeededScheduler(seed)) {
///   var seams = new Seams(scheduler.time(), scheduler.time()::nanoTime, scheduler.threads("node"),
///       scheduler.newTimer(), new SplittableRandom(seed));
///   scheduler.run(() -> { ... blocking code, in a thread of the simulation ... });
/// }
/// ```
///
/// Whenever a thread blocks, yields or ends, the next is drawn from all that could go on. When none
/// can, the virtual time jumps to its next timer. Blocking queues, `ReentrantLock`, conditions,
/// futures and `Thread.yield` interleave at random, yet identically for one seed.
///
/// What breaks that is detected where it can be: a thread woken by a thread from outside (a timed
/// wait or sleep in real time, a contended `synchronized`, a platform thread) fails the run with
/// its name; so does a thread that dies of an exception, save of a [SimulatedCrash]; and a run in
/// which nothing can go on while its condition is not met fails with a list of what waits where.
/// Only a thread that never blocks again hangs the run.
///
/// To be used by the one thread that made it, which the run methods occupy; what it hands out is
/// for the threads of the simulation.
public final class SeededScheduler implements AutoCloseable {
  private static final long MAX_STEPS = 10_000_000;
  private static final int MAX_EVENTS = 100_000;

  /// What a run executes: blocking code that may fail as it likes.
  public interface Body {
    /// Does it.
    void run() throws Exception;
  }

  private final SplittableRandom random;
  private final VirtualTime time = new VirtualTime();
  private final Thread driver = Thread.currentThread();
  private final ExecutorService executor;

  /// Continuations handed in since the last choice, in order.
  private final Queue<Runnable> arrived = new ConcurrentLinkedQueue<>();

  /// Who woke a thread from outside the simulation, first.
  private volatile @Nullable String intruder;

  // Below: touched by the driver and the threads that it carries only, so one at a time.
  private final List<Runnable> runnable = new ArrayList<>();
  private final Map<Long, Thread> made = new LinkedHashMap<>();
  private final ArrayDeque<String> events = new ArrayDeque<>();

  /// Never iterated, as its order is not the same in two runs.
  private final Map<Runnable, Thread> continuations = new HashMap<>();

  private @Nullable Runnable stepping;
  private long threadsMade;
  private long steps;
  private long traceHash;
  private @Nullable Throwable death;
  private boolean closing;

  /// A scheduler with a virtual time of its own, driven by the calling thread.
  public SeededScheduler(long seed) {
    this.random = new SplittableRandom(seed);
    this.executor = newExecutor("task");
  }

  // What the code under test gets.

  /// The time of this simulation.
  public VirtualTime time() {
    return time;
  }

  /// Makes threads named `prefix-1`, `prefix-2`, … with numbers that all factories share.
  public ThreadFactory threads(String prefix) {
    return task -> newThread(prefix, task);
  }

  /// A thread for each task, for use as a plain `Executor`.
  public ExecutorService executor() {
    return executor;
  }

  /// A thread for each task, to be shut down apart from others.
  public ExecutorService newExecutor(String prefix) {
    return new TaskExecutor(threads(prefix), time);
  }

  /// A timer of the virtual time, whose tasks run in threads of this scheduler.
  public ScheduledExecutorService newTimer() {
    return time.newTimer(executor);
  }

  /// A point at which another thread may go on before the caller does, as after any blocking call.
  /// For hooks such as that of the simulated disk: `disk.beforeEach(operation ->
  /// scheduler.pause())`.
  @SuppressWarnings(
      "ThreadPriorityCheck") // who goes on is this scheduler's choice, not left to chance
  public void pause() {
    Thread.yield();
  }

  private Thread newThread(String prefix, Runnable task) {
    String name = prefix + "-" + ++threadsMade;
    Executor scheduler = this::enqueue;
    Thread thread =
        VirtualThreads.builder(scheduler)
            .name(name)
            .uncaughtExceptionHandler(this::died)
            .unstarted(() -> live(task));
    made.put(thread.threadId(), thread);
    return thread;
  }

  private void live(Runnable task) {
    Thread me = Thread.currentThread();
    Runnable mine = Objects.requireNonNull(stepping);
    continuations.put(mine, me); // the JDK hands in the same object each time
    try {
      task.run();
    } finally {
      made.remove(me.threadId());
      continuations.remove(mine);
    }
  }

  private void died(Thread thread, Throwable failure) {
    if (death == null && !(failure instanceof SimulatedCrash)) {
      death = new AssertionError("thread " + thread.getName() + " died", failure);
    }
  }

  /// Called by the JDK when a thread starts or can go on.
  private void enqueue(Runnable continuation) {
    Thread caller = Thread.currentThread();
    boolean ours = caller.isVirtual() ? made.containsKey(caller.threadId()) : caller == driver;
    if (!ours) {
      intruder = caller.getName();
    } else if (caller == driver && continuation.equals(stepping)) {
      checkYielded(continuation);
    }
    arrived.add(continuation);
  }

  /// A thread that can go on by the end of its own step must have yielded: nobody else ran
  /// meanwhile who could have woken it, save a timer of the JDK that was faster than its parking.
  private void checkYielded(Runnable continuation) {
    Thread thread = continuations.get(continuation);
    if (thread != null && !VirtualThreads.hasYielded(thread)) {
      intruder = "a thread unknown, while " + thread.getName() + " began to wait";
    }
  }

  // Running.

  /// Runs `body` in a thread of the simulation until it ends, and throws what it threw. Other
  /// threads stay as they are then; a later run lets them go on.
  public void run(Body body) {
    boolean[] done = new boolean[1];
    Throwable[] failure = new Throwable[1];
    Thread thread =
        newThread(
            "main",
            () -> {
              try {
                body.run();
              } catch (Throwable e) {
                failure[0] = e;
              } finally {
                done[0] = true;
              }
            });
    thread.start();
    runUntil(() -> done[0]);
    switch (failure[0]) {
      case null -> {}
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      default -> throw new AssertionError("failed: " + failure[0], failure[0]);
    }
  }

  /// Runs threads, and lets the time jump when none can go on, until the condition holds; it is
  /// asked after each step, on the driving thread, and must not block.
  public void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (!step()) {
        countStep(); // a timer set anew for ever would never end otherwise
        if (!time.jumpToNext()) {
          throw stuck();
        }
      }
    }
  }

  /// Runs threads until none can go on. The time stands still.
  public void runUntilIdle() {
    boolean moved;
    do {
      moved = step();
    } while (moved);
  }

  /// Runs threads for a span of virtual time.
  public void advance(Duration by) {
    long end = time.nanoTime() + by.toNanos();
    runUntilIdle();
    while (time.untilNext().filter(it -> it.toNanos() <= end - time.nanoTime()).isPresent()) {
      time.jumpToNext();
      runUntilIdle();
    }
    time.advance(Duration.ofNanos(end - time.nanoTime()));
    runUntilIdle();
  }

  /// Lets one thread go on up to where it next blocks, yields or ends.
  private boolean step() {
    if (Thread.currentThread() != driver) {
      throw new IllegalStateException("driven by " + driver.getName() + " only");
    }
    for (Runnable next = arrived.poll(); next != null; next = arrived.poll()) {
      runnable.add(next);
    }
    if (runnable.isEmpty()) {
      return false;
    }
    countStep();
    int choice = random.nextInt(runnable.size());
    traceHash = mix(mix(traceHash, runnable.size()), choice);
    Runnable chosen = runnable.remove(choice);
    stepping = chosen;
    chosen.run();
    stepping = null;
    checkHealth();
    return true;
  }

  private void countStep() {
    if (++steps > MAX_STEPS && !closing) {
      throw new AssertionError("no end after " + MAX_STEPS + " steps\n" + describeThreads());
    }
  }

  private void checkHealth() {
    if (closing) {
      return;
    }
    if (intruder != null) {
      throw new AssertionError(
          "not repeatable: a thread of the simulation was woken by '"
              + intruder
              + "' from outside (VirtualThread-unparker: a timed wait or sleep in real time;"
              + " VirtualThread-unblocker: a contended synchronized)");
    }
    if (death != null) {
      Throwable failure = death;
      death = null;
      throw (AssertionError) failure;
    }
  }

  private AssertionError stuck() {
    return new AssertionError(
        "stuck: no thread can go on, no timer is set, and the condition does not hold\n"
            + describeThreads());
  }

  /// Every thread that is alive, and where it waits.
  private String describeThreads() {
    StringBuilder text = new StringBuilder();
    for (Thread thread : alive()) {
      text.append("  ").append(thread.getName()).append(' ').append(thread.getState()).append('\n');
      for (StackTraceElement frame : thread.getStackTrace()) {
        text.append("    at ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  // The trace.

  /// Notes an event of the calling thread: part of the trace's hash, and among the last 100,000 of
  /// [#events].
  public void trace(String event) {
    String line = Thread.currentThread().getName() + ": " + event;
    traceHash = mix(traceHash, line.hashCode());
    if (events.size() == MAX_EVENTS) {
      events.removeFirst();
    }
    events.addLast(line);
  }

  /// What was noted, each with the name of its thread, oldest first.
  public List<String> events() {
    return List.copyOf(events);
  }

  /// A hash over all choices and events so far: equal in two runs if they went the same way.
  public long traceHash() {
    return traceHash;
  }

  /// How often a thread was chosen or the time jumped.
  public long steps() {
    return steps;
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }

  /// The names of the threads that were started and have not ended, oldest first.
  public List<String> aliveThreads() {
    return alive().stream().map(Thread::getName).toList();
  }

  private List<Thread> alive() {
    return made.values().stream().filter(it -> it.getState() != Thread.State.NEW).toList();
  }

  /// Interrupts what is still alive and lets it end, as far as it does within a hundred thousand
  /// steps. Never throws, so that it does not hide a failure.
  @Override
  public void close() {
    closing = true;
    alive().forEach(Thread::interrupt);
    long end = steps + 100_000;
    boolean moved;
    do {
      moved = step();
    } while (moved && steps < end);
  }
}
