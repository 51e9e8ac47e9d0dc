package skarb.node.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import skarb.node.commit.CommitConfig;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.content.BodyBudget;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyWriter;
import skarb.node.content.ContentConfig;
import skarb.node.content.StoredBody;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.index.MemoryIndex;
import skarb.node.journal.FileJournal;
import skarb.node.journal.JournalConfig;
import skarb.node.model.BucketName;
import skarb.node.model.ObjectKey;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.model.StoreId;
import skarb.node.recovery.Recovery;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.ChunkStoreConfig;
import skarb.v1.Body;
import skarb.v1.WriteConditions;

/// A node's way of a PUT without gRPC: bodies, segments, journal and committer on a real disk, the
/// index in memory.
final class MeasuredStore implements AutoCloseable {
  private static final BucketName BUCKET = new BucketName("measured");

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
  private final Seams seams =
      new Seams(
          InstantSource.system(),
          System::nanoTime,
          Thread.ofVirtual().factory(),
          timer,
          new SplittableRandom(1));
  private final BodyBudget budget = new BodyBudget(64 << 20);
  private final ChunkStore chunks;
  private final FileJournal journal;
  private final CommitPipeline commits;

  MeasuredStore(Path directory) throws IOException {
    StoreId store = StoreId.of(new byte[16]);
    Path journalFolder = Files.createDirectories(directory.resolve("journal"));
    chunks =
        ChunkStore.open(
            seams,
            ChunkStoreConfig.standard(),
            store,
            directory.resolve("segments"),
            number -> journalFolder.resolve("unread-" + number),
            new DiskSpaceGuard(
                directory, 1 << 20, 64 << 20, Duration.ofSeconds(1), seams.nanoTime()));
    journal =
        FileJournal.open(journalFolder, store, seams, JournalConfig.DEFAULT, chunks::addPlace);
    Recovery.IndexSource indexes =
        new Recovery.IndexSource() {
          @Override
          public MemoryIndex open() {
            return new MemoryIndex();
          }

          @Override
          public MemoryIndex recreate() {
            return new MemoryIndex();
          }
        };
    commits =
        new CommitPipeline(
            seams,
            CommitConfig.of(new SiteId(7), "measured"),
            journal,
            new Recovery(journal, indexes, (batch, last) -> {}).recover().index(),
            chunks::addPlace);
    commits.commit(Submission.of(new Mutation.CreateBucket("owner", BUCKET, ""), Optional.empty()));
  }

  /// A writer of a body.
  ///
  /// @param journaledBytes up to how many bytes bodies ride in the journal
  BodyWriter writer(int journaledBytes) {
    ContentConfig usual = ContentConfig.standard();
    ContentConfig config =
        new ContentConfig(
            usual.chunkBytes(), journaledBytes, usual.parallelBytes(), usual.maxBodyBytes());
    return new BodyWriter(seams, config, chunks, budget, BodyPromise.none());
  }

  /// Returns when the object is on disk.
  void commit(String key, StoredBody stored) {
    Body body =
        Body.newBuilder()
            .setManifest(stored.manifest())
            .setEtag(stored.md5())
            .setChecksums(stored.checksums())
            .setOwnerId("owner")
            .build();
    commits.commit(
        new Submission(
            new Mutation.PutObject(
                "owner", BUCKET, ObjectKey.of(key), body, WriteConditions.getDefaultInstance()),
            Optional.empty(),
            stored.journaled(),
            stored::close));
  }

  @Override
  public void close() throws IOException {
    commits.close();
    journal.close();
    chunks.close();
    timer.shutdownNow();
  }
}
