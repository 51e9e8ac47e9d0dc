package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;

/// On a real disk, with real threads.
class JournalThreadsTest {
  @TempDir Path directory;

  @Test
  void readersReplayWhileBatchesAreAppendedAndFilesRoll() throws Exception {
    JournalConfig config = new JournalConfig(64 << 10, true);
    try (FileJournal journal = open(config);
        ExecutorService readers = Executors.newFixedThreadPool(2)) {
      Callable<Long> reader =
          () -> {
            long seen = 0;
            while (seen < 400) {
              long from = Math.max(1, seen - 5);
              long[] next = {from};
              journal.replay(
                  from,
                  (batch, records) -> {
                    assertThat(batch).isEqualTo(next[0]++);
                    assertThat(records).containsExactly(record(batch));
                  });
              seen = next[0] - 1;
            }
            return seen;
          };
      List<Future<Long>> results = List.of(readers.submit(reader), readers.submit(reader));
      for (long batch = 1; batch <= 400; batch++) {
        journal.append(batch, List.of(record(batch)), List.of());
      }
      for (Future<Long> result : results) {
        assertThat(result.get()).isEqualTo(400);
      }
    }
    try (FileJournal journal = open(config)) {
      assertThat(journal.lastBatch()).isEqualTo(400);
      assertThat(journal.recovery().files()).isGreaterThan(20);
      assertThat(journal.recovery().notes()).isEmpty();
    }
  }

  private static ByteString record(long batch) {
    return ByteString.copyFromUtf8(("record " + batch).repeat(1 + (int) (batch % 50) * 10));
  }

  private FileJournal open(JournalConfig config) throws IOException {
    Seams seams =
        new Seams(
            InstantSource.system(),
            System::nanoTime,
            Thread.ofVirtual().factory(),
            new ScheduledThreadPoolExecutor(0),
            new Random(1));
    return FileJournal.open(directory, new StoreId(1, 2), seams, config, (id, place) -> {});
  }
}
