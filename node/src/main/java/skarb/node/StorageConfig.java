package skarb.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;
import skarb.node.content.ContentConfig;
import skarb.node.index.Index;
import skarb.node.index.IndexRebuild;
import skarb.node.index.MapDbConfig;
import skarb.node.index.MapDbIndex;
import skarb.node.index.MapDbRebuild;
import skarb.node.journal.JournalConfig;
import skarb.node.model.StoreId;
import skarb.node.recovery.Recovery;
import skarb.node.segment.ChunkStoreConfig;

/// How a store lies on its disk: the usual way, save in simulations, whose files are small and
/// whose index ends with the process.
///
/// @param journal the files of the journal
/// @param chunks the segments
/// @param content how bodies are cut
/// @param marginBytes what stays free on the disk for deletes, checkpoints and the next file of the
///   journal
/// @param indexes what the index is
public record StorageConfig(
    JournalConfig journal,
    ChunkStoreConfig chunks,
    ContentConfig content,
    long marginBytes,
    Indexes indexes) {

  /// Where a store's index comes from.
  public interface Indexes {
    /// The index in a folder that is the index's alone.
    Recovery.IndexSource in(Path folder, StoreId store, ThreadFactory threads);
  }

  /// The usual way.
  public static StorageConfig standard() {
    return new StorageConfig(
        JournalConfig.DEFAULT,
        ChunkStoreConfig.standard(),
        ContentConfig.standard(),
        512L << 20,
        StorageConfig::mapDb);
  }

  private static Recovery.IndexSource mapDb(Path folder, StoreId store, ThreadFactory threads) {
    return new Recovery.IndexSource() {
      @Override
      public Index open() throws IOException {
        return MapDbIndex.open(folder, store, threads, MapDbConfig.DEFAULT);
      }

      @Override
      public IndexRebuild recreate() throws IOException {
        return MapDbRebuild.begin(folder, store, threads, MapDbConfig.DEFAULT);
      }
    };
  }
}
