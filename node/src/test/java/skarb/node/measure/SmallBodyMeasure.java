package skarb.node.measure;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import skarb.node.content.BodyWriter;
import skarb.node.content.StoredBody;
import skarb.v1.Checksums;

/// Up to which size a body is best put into the journal: PUTs a second of each size, by 32 callers,
/// with the body beside its entry and with the body in a segment, in turns.
class SmallBodyMeasure {
  private static final int CALLERS = 32;
  private static final int ROUNDS = 3;
  private static final long NANOS = 2_000_000_000L;
  private static final int[] SIZES_KIB = {1, 4, 8, 16, 24, 32, 48, 64, 96, 128, 256};

  private final AtomicLong numbers = new AtomicLong();
  private final byte[] random = new byte[512 << 10];

  @Test
  void putsASecondInTheJournalAndInSegments() throws Exception {
    new Random(1).nextBytes(random);
    rate(4 << 10, true); // the JVM warms up
    rate(64 << 10, false);
    System.out.printf("%8s %12s %12s %8s%n", "KiB", "journal/s", "segment/s", "ratio");
    for (int kib : SIZES_KIB) {
      double[] journal = new double[ROUNDS];
      double[] segment = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        journal[round] = rate(kib << 10, true);
        segment[round] = rate(kib << 10, false);
      }
      Arrays.sort(journal);
      Arrays.sort(segment);
      System.out.printf(
          "%8d %12.0f %12.0f %8.2f   (%.0f-%.0f, %.0f-%.0f)%n",
          kib,
          journal[1],
          segment[1],
          journal[1] / segment[1],
          journal[0],
          journal[2],
          segment[0],
          segment[2]);
    }
  }

  private double rate(int size, boolean journaled) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("target"), "measure");
    try (MeasuredStore store = new MeasuredStore(directory);
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      long begun = System.nanoTime();
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        all.add(
            callers.submit(() -> {
              int done = 0;
              while (System.nanoTime() - begun < NANOS) {
                put(store, size, journaled);
                done++;
              }
              return done;
            }));
      }
      long done = 0;
      for (Future<Integer> one : all) {
        done += one.get();
      }
      return done * 1e9 / (System.nanoTime() - begun);
    } finally {
      delete(directory);
    }
  }

  private void put(MeasuredStore store, int size, boolean journaled) throws Exception {
    long number = numbers.incrementAndGet();
    byte[] content =
        Arrays.copyOfRange(random, (int) (number % 1000), (int) (number % 1000) + size);
    ByteBuffer.wrap(content).putLong(number); // no two are the same
    try (BodyWriter writer = store.writer(journaled ? size : 0)) {
      writer.write(ByteString.copyFrom(content));
      StoredBody stored = writer.finish(Checksums.getDefaultInstance());
      store.commit("key-" + number % 10_000, stored);
    }
  }

  static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
