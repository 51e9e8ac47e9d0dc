package skarb.node.index;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.model.EntryDot;
import skarb.node.model.StoreId;
import skarb.v1.JournalRecord;

/// Figures of the index with many rows, printed. No test: its name keeps it out of a build
/// (docs/testing.md has the command).
///
/// - `skarb.figures.rows`: how many rows; 1000000
/// - `skarb.figures.batch`: entries in a batch of the journal; 16
class IndexFigures {
  private static final StoreId STORE = new StoreId(1, 2);

  private final int rows = Integer.getInteger("skarb.figures.rows", 1_000_000);
  private final int batchSize = Integer.getInteger("skarb.figures.batch", 16);

  @TempDir Path directory;

  private Path journal;
  private SmallPuts small;
  private long batches;
  private long processorNanos;

  @BeforeEach
  void writeJournal() throws IOException {
    small = new SmallPuts(1);
    journal = directory.resolve("journal");
    SplittableRandom random = new SplittableRandom(2);
    long key = 0;
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(journal), 1 << 20))) {
      write(out, List.of(small.bucketCreated()));
      while (key < rows) {
        java.util.ArrayList<LoggedEntry> batch = new java.util.ArrayList<>();
        for (int i = 0; i < batchSize; i++) {
          // One of five overwrites.
          boolean again = key > 0 && random.nextInt(5) == 0;
          batch.add(small.put(again ? random.nextLong(key) : key++));
        }
        write(out, batch);
      }
    }
    System.out.printf(
        Locale.ROOT, "%,d rows, %,d batches, %,d bytes%n", key, batches, Files.size(journal));
  }

  private void write(DataOutputStream out, List<LoggedEntry> entries) throws IOException {
    out.writeInt(entries.size());
    for (LoggedEntry entry : entries) {
      byte[] record = JournalRecord.newBuilder().setEntry(entry.bytes()).build().toByteArray();
      out.writeInt(record.length);
      out.write(record);
    }
    batches++;
  }

  private void replay(Index index) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(journal), 1 << 20))) {
      for (long batch = 1; batch <= batches; batch++) {
        RowChanges changes = new RowChanges(index);
        for (int i = in.readInt(); i > 0; i--) {
          Join.replay(changes, ByteString.copyFrom(in.readNBytes(in.readInt())));
        }
        index.apply(batch, changes);
      }
    }
  }

  private MapDbIndex open() throws IOException {
    return MapDbIndex.open(
        directory.resolve("index"), STORE, Thread.ofVirtual().factory(), MapDbConfig.DEFAULT);
  }

  @Test
  void rebuild() throws IOException {
    long begin = System.nanoTime();
    MapDbRebuild rebuild =
        MapDbRebuild.begin(
            directory.resolve("index"), STORE, Thread.ofVirtual().factory(), MapDbConfig.DEFAULT);
    replay(rebuild);
    System.out.printf(
        Locale.ROOT,
        "rebuilt: replayed in %.1f s, %.1f s of processor, %d runs%n",
        (System.nanoTime() - begin) / 1e9,
        processorSeconds(),
        rebuild.runs());
    try (Index index = rebuild.finish((done, all) -> {})) {
      System.out.printf(
          Locale.ROOT,
          "and loaded: %.1f s, %.1f s of processor, %s%n",
          (System.nanoTime() - begin) / 1e9,
          processorSeconds(),
          index.digest());
    }
  }

  /// As it was before there was a rebuild of its own.
  @Test
  void throughCheckpoints() throws IOException {
    StateDigest digest;
    long begin = System.nanoTime();
    try (MapDbIndex index = open()) {
      replay(index);
      digest = index.digest();
      System.out.printf(
          Locale.ROOT,
          "replayed through checkpoints: %.1f s, %.1f s of processor%n",
          (System.nanoTime() - begin) / 1e9,
          processorSeconds());
      index.checkpoint();
      System.out.printf(
          Locale.ROOT,
          "and in a file: %.1f s, %.1f s of processor, %s%n",
          (System.nanoTime() - begin) / 1e9,
          processorSeconds(),
          digest);
    }
  }

  @Test
  void reads() throws IOException {
    try (MapDbIndex index = open()) {
      replay(index);
      index.checkpoint();
      index.checkpoint();
      Catalog catalog = new Catalog(index);
      SplittableRandom random = new SplittableRandom(3);
      for (int round = 0; round < 3; round++) {
        time(
            "current version, 1,000 hot keys",
            200_000,
            () -> current(catalog, random.nextInt(1_000)));
        time("current version, all keys", 200_000, () -> current(catalog, random.nextInt(rows)));
        time(
            "current version, keys that are not there",
            200_000,
            () -> current(catalog, rows + random.nextInt(rows)));
        time("bucket by name", 200_000, () -> catalog.bucket(SmallPuts.BUCKET).isPresent() ? 1 : 0);
      }
    }
  }

  /// Pages of a bucket with all the rows against those of one with ten keys.
  @Test
  void listing() throws IOException {
    try (MapDbIndex index = open()) {
      replay(index);
      Entries other = new Entries(6);
      RowChanges changes = new RowChanges(index);
      Join.join(changes, other.next(Entries.bucketCreated("ten", "owner")));
      EntryDot ten = other.lastDot();
      for (int i = 0; i < 10; i++) {
        Join.join(changes, other.next(Entries.nullBody(ten, "photos/00/%016d".formatted(i), 1)));
      }
      index.apply(index.appliedBatch() + 1, changes);
      index.checkpoint();
      index.checkpoint();
      SplittableRandom random = new SplittableRandom(4);
      for (int round = 0; round < 3; round++) {
        pages("10 of 10 keys", index, 20_000, () -> request(ten, ByteString.EMPTY, "", 10));
        pages(
            "10 of all keys", index, 20_000, () -> request(small.bucket(), anyKey(random), "", 10));
        pages(
            "1,000 of all keys",
            index,
            500,
            () -> request(small.bucket(), anyKey(random), "", 1_000));
        pages(
            "256 common prefixes of all keys",
            index,
            200,
            () -> request(small.bucket(), ByteString.EMPTY, "photos/", 1_000));
      }
    }
  }

  private ByteString anyKey(SplittableRandom random) {
    return SmallPuts.key(random.nextInt(rows));
  }

  /// @param prefix what keys begin with, and common prefixes end with a slash behind it; empty for
  ///   all keys and none
  private static Listing.Request request(
      EntryDot bucket, ByteString after, String prefix, int maxEntries) {
    return new Listing.Request(
        bucket,
        ByteString.copyFromUtf8(prefix),
        ByteString.copyFromUtf8(prefix.isEmpty() ? "" : "/"),
        after,
        maxEntries);
  }

  private static void pages(
      String what, IndexView index, int times, Supplier<Listing.Request> request) {
    long seeks = 0;
    long read = 0;
    long entries = 0;
    long begin = System.nanoTime();
    for (int i = 0; i < times; i++) {
      ListPage page = Listing.page(index, request.get());
      seeks += page.cost().seeks();
      read += page.cost().rowsRead();
      entries += page.entries().size();
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%s: %.0f microseconds a page, %.1f seeks, %.0f rows, %.0f entries; %,.0f entries/s%n",
        what,
        seconds * 1e6 / times,
        (double) seeks / times,
        (double) read / times,
        (double) entries / times,
        entries / seconds);
  }

  /// What all threads of this process took since the last time: on a busy machine it says more than
  /// the clock on the wall.
  private double processorSeconds() {
    long now =
        ((com.sun.management.OperatingSystemMXBean)
                java.lang.management.ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    double seconds = (now - processorNanos) / 1e9;
    processorNanos = now;
    return seconds;
  }

  private long current(Catalog catalog, long key) {
    return catalog.current(small.bucket(), SmallPuts.key(key)).isPresent() ? 1 : 0;
  }

  private static void time(String what, int times, LongSupplier read) {
    long begin = System.nanoTime();
    long found = 0;
    for (int i = 0; i < times; i++) {
      found += read.getAsLong();
    }
    System.out.printf(
        Locale.ROOT,
        "%s: %,.0f/s (%d %% found)%n",
        what,
        times / ((System.nanoTime() - begin) / 1e9),
        found * 100 / times);
  }
}
