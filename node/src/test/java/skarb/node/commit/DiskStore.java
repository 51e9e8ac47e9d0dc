package skarb.node.commit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.index.Index;
import skarb.node.index.MemoryIndex;
import skarb.node.journal.FileJournal;
import skarb.node.journal.JournalConfig;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.model.StoreId;
import skarb.node.recovery.Recovery;

/// A journal on disk, an index in memory that is rebuilt from it at each opening, and the pipeline
/// over both.
final class DiskStore implements AutoCloseable {
  final FileJournal journal;
  final Index index;
  final CommitPipeline pipeline;
  private final Map<ChunkId, ChunkPlace> places = new ConcurrentHashMap<>();

  private DiskStore(Path folder, Seams seams, JournalConfig config) throws IOException {
    journal = FileJournal.open(folder, new StoreId(1, 2), seams, config, places::put);
    index = new Recovery(journal, new FreshIndex(), (batch, last) -> {}).recover().index();
    pipeline =
        new CommitPipeline(
            seams, CommitConfig.of(new SiteId(7), "test"), journal, index, places::put);
  }

  /// Opens the store in a folder, which is made, durably, if it is not there.
  static DiskStore open(Path folder, Seams seams, JournalConfig config) throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectory(folder);
    }
    try (FileChannel parent =
        FileChannel.open(Objects.requireNonNull(folder.getParent()), StandardOpenOption.READ)) {
      parent.force(true);
    }
    return new DiskStore(folder, seams, config);
  }

  /// The bytes of a chunk, verified.
  byte[] read(ChunkId id) throws IOException {
    ChunkPlace place = places.get(id);
    if (place == null) {
      throw new IOException("no place is known of chunk " + id);
    }
    Path file = journal.fileOf(place.file());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ChunkRecord record = ChunkRecordFormat.read(channel, file, place.position());
      ByteBuffer bytes = ByteBuffer.allocate(record.blockLength(0));
      record.readBlock(channel, 0, bytes);
      return bytes.array();
    }
  }

  @Override
  public void close() throws IOException {
    pipeline.close();
  }

  /// There never is one left.
  private static final class FreshIndex implements Recovery.IndexSource {
    @Override
    public Index open() {
      return new MemoryIndex();
    }

    @Override
    public MemoryIndex recreate() {
      return new MemoryIndex();
    }
  }
}
