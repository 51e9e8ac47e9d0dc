package skarb.bench;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;
import skarb.node.index.Index;
import skarb.node.index.Join;
import skarb.node.index.ListPage;
import skarb.node.index.Listing;
import skarb.node.index.LoggedEntry;
import skarb.node.index.MapDbConfig;
import skarb.node.index.MapDbIndex;
import skarb.node.index.MemoryIndex;
import skarb.node.index.RowChanges;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;
import skarb.node.model.StoreId;
import skarb.v1.Body;
import skarb.v1.BucketCreated;
import skarb.v1.BucketValue;
import skarb.v1.Checksums;
import skarb.v1.ChunkReference;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.Manifest;
import skarb.v1.NullSet;
import skarb.v1.NullValue;

/// A page of 1,000 entries out of a bucket of 20,000 objects in 2,000 folders, from the index
/// alone.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ListingBenchmark {
  private static final int PAGE = 1_000;
  private static final int FOLDERS = 2_000;
  private static final int KEYS_IN_FOLDER = 10;
  private static final int BATCH = 500;
  private static final OriginId ORIGIN = new OriginId(5);
  private static final EntryDot BUCKET = new EntryDot(ORIGIN, 1);
  private static final ByteString PREFIX = ByteString.copyFromUtf8("photos/");
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  /// Where the rows are: `memory`, or `mapdb` for its files.
  @Param({"memory", "mapdb"})
  public String index = "memory";

  private final SplittableRandom random = new SplittableRandom(1);
  private Index rows = new MemoryIndex();
  private Path folder = Path.of("");
  private long sequence;
  private ByteString hash = ByteString.EMPTY;

  /// Fills the index. What MapDB holds is in its files, not in memory.
  @Setup
  public void prepare() throws IOException {
    if (!index.equals("mapdb")) {
      fill();
      return;
    }
    folder = Files.createTempDirectory("skarb-bench-");
    MapDbIndex inFiles =
        MapDbIndex.open(
            folder.resolve("index"),
            new StoreId(1, 2),
            Thread.ofVirtual().factory(),
            MapDbConfig.DEFAULT);
    rows = inFiles;
    fill();
    // Twice: then both files have the rows, and nothing is looked for in memory first.
    inFiles.checkpoint();
    inFiles.checkpoint();
  }

  /// Removes the files.
  @TearDown
  public void remove() throws IOException {
    rows.close();
    if (!index.equals("mapdb")) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }

  private void fill() {
    RowChanges changes = new RowChanges(rows);
    Join.join(changes, entry(bucketCreated()));
    for (int number = 0; number < FOLDERS * KEYS_IN_FOLDER; number++) {
      Join.join(changes, entry(put(number)));
      if (number % BATCH == BATCH - 1) {
        rows.apply(rows.appliedBatch() + 1, changes);
        changes = new RowChanges(rows);
      }
    }
  }

  private LoggedEntry entry(Effect effect) {
    sequence++;
    EntryHeader header =
        EntryHeader.newBuilder()
            .setDot(new EntryDot(ORIGIN, sequence).toProto())
            .setHlc(sequence)
            .setPreviousHash(hash)
            .build();
    Entry entry = Entry.newBuilder().setHeader(header).addEffects(effect).build();
    LoggedEntry logged = new LoggedEntry(entry, entry.toByteString());
    hash = Join.hash(logged.bytes());
    return logged;
  }

  private static Effect bucketCreated() {
    BucketValue bucket = BucketValue.newBuilder().setName("bucket").setOwnerId("owner").build();
    return Effect.newBuilder()
        .setBucketCreated(BucketCreated.newBuilder().setBucket(bucket))
        .build();
  }

  private Effect put(int number) {
    Body body =
        Body.newBuilder()
            .setManifest(
                Manifest.newBuilder()
                    .setSize(4096)
                    .addChunks(ChunkReference.newBuilder().setChunk(bytes(32)).setLength(4096)))
            .setEtag(bytes(16))
            .setChecksums(Checksums.newBuilder().setCrc64Nvme(bytes(8)))
            .setModifiedMillis(1_790_000_000_000L + random.nextInt(1 << 30))
            .setOwnerId("0123456789abcdef0123456789abcdef")
            .build();
    return Effect.newBuilder()
        .setNullSet(
            NullSet.newBuilder()
                .setBucket(BUCKET.toProto())
                .setKey(key(number))
                .setValue(NullValue.newBuilder().setBody(body)))
        .build();
  }

  private ByteString bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static ByteString key(int number) {
    return ByteString.copyFromUtf8(
        "photos/%06d/%04d-4k.jpeg".formatted(number / KEYS_IN_FOLDER, number % KEYS_IN_FOLDER));
  }

  /// 1,000 keys after one that is drawn.
  @Benchmark
  public void keys(Blackhole consumed) {
    ByteString after = key(random.nextInt((FOLDERS - PAGE / KEYS_IN_FOLDER) * KEYS_IN_FOLDER - 1));
    consumed.consume(page(after, ByteString.EMPTY));
  }

  /// 1,000 common prefixes, of ten keys each, after a folder that is drawn.
  @Benchmark
  public void commonPrefixes(Blackhole consumed) {
    ByteString after = key(random.nextInt((FOLDERS - PAGE) * KEYS_IN_FOLDER - KEYS_IN_FOLDER));
    consumed.consume(page(after, SLASH));
  }

  private ListPage page(ByteString after, ByteString delimiter) {
    ListPage page = Listing.page(rows, new Listing.Request(BUCKET, PREFIX, delimiter, after, PAGE));
    if (page.entries().size() != PAGE) {
      throw new IllegalStateException("a page of " + page.entries().size() + " entries");
    }
    return page;
  }
}
