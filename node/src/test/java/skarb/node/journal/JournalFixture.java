package skarb.node.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;
import skarb.testkit.disk.SimulatedFileSystem;

/// A journal on a simulated disk, with batches that can be told apart. Small files, the next one
/// made ahead on the appending thread, so that every run does the same operations.
final class JournalFixture {
  static final StoreId STORE = new StoreId(0x1111_2222_3333_4444L, 0x5555_6666_7777_8888L);
  static final JournalConfig SMALL = new JournalConfig(32 << 10, true);

  /// Threads that have run when `start` returns.
  private static final ThreadFactory INLINE =
      task ->
          new Thread() {
            @Override
            public void start() {
              task.run();
            }
          };

  final SimulatedFileSystem disk = new SimulatedFileSystem();
  final Path directory = disk.getPath("/journal");
  final Map<ChunkId, ChunkPlace> bodies = new LinkedHashMap<>();
  final JournalConfig config;
  private final Seams seams = seams(new Random(7));

  JournalFixture() throws IOException {
    this(SMALL);
  }

  JournalFixture(JournalConfig config) throws IOException {
    this.config = config;
    Files.createDirectory(directory);
    try (FileChannel root = FileChannel.open(disk.getPath("/"), StandardOpenOption.READ)) {
      root.force(true);
    }
  }

  static Seams seams(Random random) {
    return new Seams(
        InstantSource.fixed(Instant.parse("2026-02-03T04:05:06.007Z")),
        () -> 0,
        INLINE,
        new ScheduledThreadPoolExecutor(0, INLINE),
        random);
  }

  FileJournal open() throws IOException {
    bodies.clear();
    return FileJournal.open(directory, STORE, seams, config, bodies::put);
  }

  /// Opens it, appends batches up to a number, and closes it.
  void fillTo(long last) throws IOException {
    try (FileJournal journal = open()) {
      appendTo(journal, last);
    }
  }

  void appendTo(FileJournal journal, long last) throws IOException {
    for (long batch = journal.lastBatch() + 1; batch <= last; batch++) {
      append(journal, batch);
    }
  }

  void append(FileJournal journal, long batch) throws IOException {
    List<EncodedChunk> chunks = bodiesOf(batch);
    List<ChunkPlace> places = journal.append(batch, recordsOf(batch), chunks);
    for (int i = 0; i < places.size(); i++) {
      bodies.put(chunks.get(i).id(), places.get(i));
    }
  }

  /// One to three records, of different lengths.
  static List<ByteString> recordsOf(long batch) {
    List<ByteString> records = new ArrayList<>();
    for (int i = 0; i <= batch % 3; i++) {
      records.add(ByteString.copyFrom("batch " + batch + " ".repeat(i * 700) + i, UTF_8));
    }
    if (batch % 13 == 12) {
      records.add(ByteString.copyFrom(new byte[40_000])); // larger than a small file
    }
    return records;
  }

  /// Two bodies in each fourth batch, one in each second.
  static List<EncodedChunk> bodiesOf(long batch) {
    List<EncodedChunk> chunks = new ArrayList<>();
    for (int i = 0; i < (batch % 4 == 0 ? 2 : batch % 2 == 0 ? 1 : 0); i++) {
      chunks.add(chunk(("body " + i + " of batch " + batch).repeat(60)));
    }
    return chunks;
  }

  static EncodedChunk chunk(String content) {
    return chunk(content.getBytes(UTF_8));
  }

  static EncodedChunk chunk(byte[] content) {
    try {
      ChunkId id = ChunkId.of(MessageDigest.getInstance("SHA-256").digest(content));
      return ChunkRecordFormat.encode(id, List.of(ByteBuffer.wrap(content)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  Path file(long number) {
    return directory.resolve("%010d.journal".formatted(number));
  }

  /// Asserts that the journal has exactly the batches 1 to `last`, and each body where it was said
  /// to be, by replay and by reading.
  void assertHolds(FileJournal journal, long last) throws IOException {
    assertThat(journal.lastBatch()).isEqualTo(last);
    assertThat(replayed(journal, 1)).isEqualTo(expected(1, last));
    Map<ChunkId, ChunkPlace> expectedBodies = new LinkedHashMap<>();
    for (long batch = 1; batch <= last; batch++) {
      for (EncodedChunk body : bodiesOf(batch)) {
        assertThat(bodies).as("bodies of batch " + batch).containsKey(body.id());
        ChunkPlace place = Objects.requireNonNull(bodies.get(body.id()));
        expectedBodies.put(body.id(), place);
        assertThat(read(journal, place)).isEqualTo(body.buffers().get(1));
      }
    }
    assertThat(bodies).isEqualTo(expectedBodies);
  }

  private static ByteBuffer read(FileJournal journal, ChunkPlace place) throws IOException {
    Path file = journal.fileOf(place.file());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ChunkRecord record = ChunkRecordFormat.read(channel, file, place.position());
      ByteBuffer bytes = ByteBuffer.allocate(place.length());
      record.readBlock(channel, 0, bytes);
      return bytes;
    }
  }

  static Map<Long, List<ByteString>> expected(long from, long to) {
    Map<Long, List<ByteString>> batches = new LinkedHashMap<>();
    for (long batch = from; batch <= to; batch++) {
      batches.put(batch, recordsOf(batch));
    }
    return batches;
  }

  static Map<Long, List<ByteString>> replayed(CommitLog journal, long from) throws IOException {
    Map<Long, List<ByteString>> batches = new LinkedHashMap<>();
    journal.replay(
        from, (batch, records) -> assertThat(batches.put(batch, records)).as("twice").isNull());
    return batches;
  }

  byte[] bytes(long number) throws IOException {
    return Files.readAllBytes(file(number));
  }

  /// Replaces a file, durably.
  void write(long number, byte[] bytes) throws IOException {
    Files.write(file(number), bytes);
    try (FileChannel channel = FileChannel.open(file(number), StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
