package skarb.node.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.model.StoreId;

/// Puts small objects into the index for a long time and says each minute how it goes: rate,
/// memory, files, and how long a put or a read had to wait at worst. No test: its name keeps it out
/// of a build (docs/testing.md has the command).
///
/// A put is what the committer does for one, the journal aside: it looks for the bucket and the
/// current version of the key, joins the entry, and a batch of them is applied.
///
/// - `skarb.soak.minutes`: how long; 5
/// - `skarb.soak.rate`: puts a second that are aimed at; 3000; 0 for as many as go
/// - `skarb.soak.batch`: puts in a batch; 16
class IndexSoak {
  private static final double MIB = 1 << 20;
  private static final double MILLION = 1e6;
  private static final long SLOW_NANOS = 100_000_000;

  private final int minutes = Integer.getInteger("skarb.soak.minutes", 5);
  private final int rate = Integer.getInteger("skarb.soak.rate", 3_000);
  private final int batchSize = Integer.getInteger("skarb.soak.batch", 16);

  private final Waits puts = new Waits();
  private final Waits reads = new Waits();
  private final AtomicLong keys = new AtomicLong(1);
  private final AtomicLong sinkForReads = new AtomicLong();

  @TempDir Path directory;

  /// How long something took at worst since it was last asked.
  private static final class Waits {
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong worst = new AtomicLong();
    private final AtomicLong slow = new AtomicLong();

    void add(long nanos) {
      count.incrementAndGet();
      worst.accumulateAndGet(nanos, Math::max);
      if (nanos > SLOW_NANOS) {
        slow.incrementAndGet();
      }
    }

    String line(double seconds) {
      return String.format(
          Locale.ROOT,
          "%7.0f/s, worst %6.1f ms, %d above 100 ms",
          count.getAndSet(0) / seconds,
          worst.getAndSet(0) / MILLION,
          slow.getAndSet(0));
    }
  }

  @Test
  void ingest() throws Exception {
    SmallPuts small = new SmallPuts(1);
    AtomicBoolean stop = new AtomicBoolean();
    System.out.printf(
        "%d minutes, %s, batches of %d, -Xmx %.0f MiB%n",
        minutes,
        rate == 0 ? "as many puts as go" : rate + " puts/s",
        batchSize,
        Runtime.getRuntime().maxMemory() / MIB);
    try (MapDbIndex index =
        MapDbIndex.open(
            directory, new StoreId(1, 2), Thread.ofVirtual().factory(), MapDbConfig.DEFAULT)) {
      RowChanges first = new RowChanges(index);
      Join.join(first, small.bucketCreated());
      Join.join(first, small.put(0));
      index.apply(1, first);
      Thread reader = Thread.ofPlatform().start(() -> read(index, small, stop));
      try {
        put(index, small);
      } finally {
        stop.set(true);
        reader.join();
      }
      long begin = System.nanoTime();
      index.checkpoint();
      index.checkpoint();
      System.out.printf(Locale.ROOT, "last two checkpoints: %.1f s%n", since(begin));
      begin = System.nanoTime();
      index.verify();
      System.out.printf(Locale.ROOT, "verified %,d rows: %.1f s%n", index.rowCount(), since(begin));
    }
    long begin = System.nanoTime();
    try (MapDbIndex index =
        MapDbIndex.open(
            directory, new StoreId(1, 2), Thread.ofVirtual().factory(), MapDbConfig.DEFAULT)) {
      System.out.printf(
          Locale.ROOT, "opened with %,d rows: %.1f s%n", index.rowCount(), since(begin));
    }
  }

  private void put(MapDbIndex index, SmallPuts small) throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    long begin = System.nanoTime();
    long minute = begin;
    long done = 0;
    int printed = 0;
    while (printed < minutes) {
      long before = System.nanoTime();
      RowChanges changes = new RowChanges(index);
      Catalog catalog = new Catalog(changes);
      for (int i = 0; i < batchSize; i++) {
        // One of five overwrites.
        long key = random.nextInt(5) == 0 ? random.nextLong(keys.get()) : keys.getAndIncrement();
        BucketRow bucket = catalog.bucket(SmallPuts.BUCKET).orElseThrow();
        catalog.current(bucket.incarnation(), SmallPuts.key(key));
        Join.join(changes, small.put(key));
      }
      index.apply(index.appliedBatch() + 1, changes);
      long now = System.nanoTime();
      puts.add(now - before);
      done += batchSize;
      if (now - minute >= 60_000_000_000L) {
        print(++printed, index, (now - minute) / 1e9);
        minute = now;
      }
      while (rate > 0 && done > (System.nanoTime() - begin) / 1e9 * rate) {
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /// Half of the reads go to few keys, half to all.
  private void read(MapDbIndex index, SmallPuts small, AtomicBoolean stop) {
    SplittableRandom random = new SplittableRandom(3);
    Catalog catalog = new Catalog(index);
    long found = 0;
    while (!stop.get()) {
      long known = Math.max(1, keys.get() - 2L * batchSize);
      long key =
          random.nextBoolean() ? random.nextLong(Math.min(known, 1_000)) : random.nextLong(known);
      long before = System.nanoTime();
      found += catalog.current(small.bucket(), SmallPuts.key(key)).isPresent() ? 1 : 0;
      reads.add(System.nanoTime() - before);
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
    sinkForReads.set(found);
  }

  private void print(int minute, MapDbIndex index, double seconds) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%3d min %,11d rows | batches %s | reads %s | memtables %5.1f MiB, heap %5.0f, anonymous"
            + " %5.0f, resident %5.0f, files %6.0f MiB%n",
        minute,
        index.rowCount(),
        puts.line(seconds),
        reads.line(seconds),
        index.memtableBytesInUse() / MIB,
        (runtime.totalMemory() - runtime.freeMemory()) / MIB,
        status("RssAnon") / 1024.0,
        status("VmRSS") / 1024.0,
        fileBytes() / MIB);
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  /// A line of what the system says of this process, in KiB; 0 where it says nothing.
  private static long status(String name) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    }
  }

  private long fileBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (Files.exists(file)) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes;
  }
}
