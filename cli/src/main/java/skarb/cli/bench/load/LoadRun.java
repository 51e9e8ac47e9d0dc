package skarb.cli.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import skarb.cli.bench.client.Bodies;
import skarb.cli.bench.client.Clients;
import skarb.cli.bench.client.RequestFailedException;
import skarb.cli.output.CommandFailedException;

/// One load on one server, from the first object made to the last one removed: [#prepare],
/// [#measure], [#cleanUp], in this order, by one thread.
///
/// Workers are closed loops: each sends its next request when it has the answer to the one before.
/// A server that stalls is thus asked less, which percentiles do not show; the slowest second does.
public final class LoadRun implements AutoCloseable {
  /// A worker gives up after so many failures in a row: the server is gone.
  private static final int MAX_FAILURES_IN_A_ROW = 100;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long TICK_MILLIS = 20;
  private static final int REMOVED_AT_ONCE = 1000;

  private final Plan plan;
  private final LongSupplier serverCpuNanos;
  private final List<Worker> workers = new ArrayList<>();
  private final ObjectIds ids = new ObjectIds();
  private boolean madeBucket;

  /// @param clients where the load goes; its owner closes it
  /// @param serverCpuNanos what the server has computed so far; negative where that is not known
  public LoadRun(Plan plan, Clients clients, LongSupplier serverCpuNanos) {
    this.plan = plan;
    this.serverCpuNanos = serverCpuNanos;
    SplittableRandom random = new SplittableRandom(plan.seed());
    long largest =
        plan.kind() == Plan.Kind.MULTIPART ? Math.min(plan.size(), plan.partSize()) : plan.size();
    for (int i = 0; i < plan.concurrency(); i++) {
      workers.add(new Worker(i, clients.open(i), new Bodies(plan.seed(), largest), random.split()));
    }
  }

  /// Makes the bucket where it is absent, and the objects that the load is about.
  ///
  /// @throws IOException where one of them fails
  public void prepare() throws IOException {
    only(worker -> madeBucket = worker.client().createBucket());
    long count =
        switch (plan.kind()) {
          case PUT, MULTIPART -> 0;
          case GET, LIST, DELETE, MIXED -> plan.objects();
        };
    each(worker -> {
      while (ids.count() < count) {
        long index = ids.next();
        if (index < count) {
          worker.client().put(plan.key(index), worker.body(index, plan.size()));
        }
      }
    });
  }

  /// Runs the load.
  public Measurement measure() throws IOException {
    Load load = Load.of(plan, ids);
    long now = System.nanoTime();
    Window window = window(now);
    CountDownLatch running = new CountDownLatch(workers.size());
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      threads.add(
          Thread.ofPlatform()
              .name("skarb-bench-" + worker.number())
              .daemon()
              .start(() -> {
                try {
                  work(load, worker, window);
                } finally {
                  running.countDown();
                }
              }));
    }
    CpuUse cpu = watch(window, running, threads);
    Recorder all = new Recorder();
    workers.forEach(worker -> all.add(worker.recorder()));
    // The whole window, unless the load was over before: it ran out of operations, or of a server.
    boolean whole = System.nanoTime() - window.end() >= 0;
    long end = whole ? window.end() : all.lastFinish(window.start());
    return all.measurement(Math.max(1, end - window.start()) / 1e9, cpu);
  }

  private Window window(long now) {
    long duration = plan.duration().toNanos();
    if (plan.operations() > 0) {
      return Window.at(now, Long.MAX_VALUE / 4, Math.min(plan.operations(), maxTickets()));
    }
    // Objects can be deleted once, so the first tenth of them is the warm-up.
    return plan.kind() == Plan.Kind.DELETE && maxTickets() >= 10
        ? Window.after(maxTickets() / 10, now, duration, maxTickets())
        : Window.at(now + plan.warmup().toNanos(), duration, maxTickets());
  }

  private long maxTickets() {
    return plan.kind() == Plan.Kind.DELETE
        ? (plan.objects() + plan.batch() - 1L) / plan.batch()
        : Long.MAX_VALUE;
  }

  private static void work(Load load, Worker worker, Window window) {
    Notes notes = new Notes(window, worker.recorder());
    int failures = 0;
    while (failures < MAX_FAILURES_IN_A_ROW && !Thread.currentThread().isInterrupted()) {
      long now = System.nanoTime();
      long ticket = window.next(now);
      if (ticket < 0) {
        return;
      }
      worker.begins(now);
      try {
        load.step(worker, notes, ticket);
        failures = 0;
      } catch (RequestFailedException e) {
        failures++;
        worker.recorder().failure(e.code(), message(e), System.nanoTime());
      } catch (IOException e) {
        failures++;
        worker.recorder().failure("connection", message(e), System.nanoTime());
      } finally {
        worker.ends();
      }
    }
  }

  private static String message(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// Waits for the workers, ends what hangs, and reads the clocks of the processors as the window
  /// opens and closes.
  private CpuUse watch(Window window, CountDownLatch running, List<Thread> threads)
      throws IOException {
    CpuUse first = CpuUse.now(serverCpuNanos);
    @Nullable CpuUse last = null;
    boolean opened = false;
    try {
      while (!running.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        if (!opened && now - window.start() >= 0) {
          opened = true;
          first = CpuUse.now(serverCpuNanos);
        }
        if (last == null && now - window.end() >= 0) {
          last = CpuUse.now(serverCpuNanos);
        }
        for (int i = 0; i < threads.size(); i++) {
          if (workers.get(i).hangs(now, PATIENCE_NANOS)) {
            workers.get(i).client().close();
            threads.get(i).interrupt();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return (last == null ? CpuUse.now(serverCpuNanos) : last).since(first);
  }

  /// Removes the objects of this run, and the bucket where this run made it.
  public void cleanUp() throws IOException {
    AtomicLong next = new AtomicLong();
    each(worker -> {
      for (long first = next.getAndAdd(REMOVED_AT_ONCE);
          first < ids.count();
          first = next.getAndAdd(REMOVED_AT_ONCE)) {
        List<String> keys = new ArrayList<>();
        for (long i = first; i < Math.min(first + REMOVED_AT_ONCE, ids.count()); i++) {
          keys.add(plan.key(i));
        }
        worker.client().deleteBatch(keys);
      }
    });
    if (madeBucket) {
      only(worker -> worker.client().deleteBucket());
    }
  }

  private interface Task {
    void run(Worker worker) throws IOException;
  }

  /// Lets every worker do something, and waits.
  ///
  /// @throws IOException the first that any of them met
  private void each(Task task) throws IOException {
    AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (Worker worker : workers) {
      threads.add(
          Thread.ofPlatform()
              .name("skarb-bench-" + worker.number())
              .daemon()
              .start(() -> {
                try {
                  task.run(worker);
                } catch (IOException e) {
                  failure.compareAndSet(null, e);
                } catch (RuntimeException e) {
                  failure.compareAndSet(null, new IOException(e.toString(), e));
                }
              }));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    IOException first = failure.get();
    if (first != null) {
      throw asCommands(first);
    }
  }

  /// Lets the first worker do something on this thread.
  private void only(Task task) throws IOException {
    try {
      task.run(workers.getFirst());
    } catch (RequestFailedException e) {
      throw asCommands(e);
    }
  }

  /// What is answered with an error ends the command in one line.
  private static IOException asCommands(IOException failure) {
    if (failure instanceof RequestFailedException refused) {
      throw new CommandFailedException(refused.code() + ": " + message(refused));
    }
    return failure;
  }

  /// Ends the workers' connections.
  @Override
  public void close() {
    workers.forEach(worker -> worker.client().close());
  }
}
