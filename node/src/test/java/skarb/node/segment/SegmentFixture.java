package skarb.node.segment;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.zip.CRC32C;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.disk.FileReads;
import skarb.node.model.ChunkId;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;
import skarb.testkit.disk.SimulatedFileSystem;
import skarb.testkit.time.VirtualTime;

/// A chunk store on a simulated disk, with chunks that can be told apart.
public final class SegmentFixture {
  public static final StoreId STORE = new StoreId(0x1111_2222_3333_4444L, 0x5555_6666_7777_8888L);

  /// One segment at a time, so that every run does the same operations.
  static final ChunkStoreConfig ONE_LANE =
      new ChunkStoreConfig(1, 64 << 10, 1000, Duration.ofMinutes(10), 4);

  public final SimulatedFileSystem disk = new SimulatedFileSystem();
  public final Path data = disk.getPath("/data");
  public final Path directory = data.resolve("segments");
  public final VirtualTime time = new VirtualTime();
  final ChunkStoreConfig config;

  public SegmentFixture() throws IOException {
    this(ONE_LANE);
  }

  public SegmentFixture(ChunkStoreConfig config) throws IOException {
    this.config = config;
    Files.createDirectory(data);
    try (FileChannel root = FileChannel.open(disk.getPath("/"), StandardOpenOption.READ)) {
      root.force(true);
    }
  }

  /// Virtual threads, and a time that the test moves.
  public Seams seams() {
    return new Seams(
        time,
        time::nanoTime,
        Thread.ofVirtual().factory(),
        time.newTimer(),
        new SplittableRandom(7));
  }

  public ChunkStore open() throws IOException {
    return open(seams());
  }

  public ChunkStore open(Seams seams) throws IOException {
    return ChunkStore.open(seams, config, STORE, directory, this::journalFile, noGuard(seams));
  }

  /// With chunks in the files of a journal.
  public ChunkStore open(Seams seams, LongFunction<Path> journalFiles) throws IOException {
    return ChunkStore.open(seams, config, STORE, directory, journalFiles, noGuard(seams));
  }

  /// With so many bytes of the disk kept free, looked at each time.
  public ChunkStore openWithMargin(Seams seams, long marginBytes) throws IOException {
    return ChunkStore.open(
        seams,
        config,
        STORE,
        directory,
        this::journalFile,
        new DiskSpaceGuard(data, marginBytes, 0, Duration.ZERO, seams.nanoTime()));
  }

  DiskSpaceGuard noGuard(Seams seams) {
    return new DiskSpaceGuard(data, 0, Long.MAX_VALUE, Duration.ofDays(1), seams.nanoTime());
  }

  Path journalFile(long number) {
    return data.resolve("journal-" + number);
  }

  Path segment(long number) {
    return directory.resolve("%010d.segment".formatted(number));
  }

  /// Bytes that the number draws.
  public static byte[] content(int number, int length) {
    byte[] bytes = new byte[length];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  public static ChunkId id(byte[] content) {
    try {
      return ChunkId.of(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static Pin put(ChunkStore store, byte[] content) {
    return store.putIfAbsent(id(content), List.of(ByteBuffer.wrap(content)), content.length);
  }

  /// Puts and forces.
  static void putDurably(ChunkStore store, byte[] content) {
    try (Pin pin = put(store, content)) {
      store.force(List.of(pin));
    }
  }

  static byte[] read(ChunkStore store, byte[] content) {
    return read(store, id(content), 0, content.length);
  }

  /// Reads a range, and checks what is said of its frames.
  static byte[] read(ChunkStore store, ChunkId id, int offset, int length) {
    List<ByteString> frames = new ArrayList<>();
    store.read(
        id,
        offset,
        length,
        (frame, crc32c) -> {
          if (frame.isEmpty() || frame.size() > 256 << 10) {
            throw new AssertionError("a frame of " + frame.size());
          }
          CRC32C crc = new CRC32C();
          crc.update(frame.asReadOnlyByteBuffer());
          if ((int) crc.getValue() != crc32c) {
            throw new AssertionError("a frame with a wrong CRC");
          }
          frames.add(frame);
        });
    return ByteString.copyFrom(frames).toByteArray();
  }

  /// A file of the test resources.
  static byte[] golden(String name) throws IOException {
    try (var stream = SegmentFixture.class.getResourceAsStream("/formats/segment-v1/" + name)) {
      return Objects.requireNonNull(stream).readAllBytes();
    }
  }

  byte[] bytes(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      FileReads.readFully(channel, file, 0, bytes);
      return bytes.array();
    }
  }

  /// Makes a file, durable.
  void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(directory);
    Files.write(file, bytes);
    disk.crashKeepingUnforced();
  }
}
