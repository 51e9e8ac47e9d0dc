package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.content.ContentFixture.content;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import skarb.node.commit.CommitConfig;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.Catalog;
import skarb.node.index.Index;
import skarb.node.index.MemoryIndex;
import skarb.node.journal.FileJournal;
import skarb.node.journal.JournalConfig;
import skarb.node.model.BucketName;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.node.recovery.Recovery;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.ChunkStoreConfig;
import skarb.node.segment.SegmentFixture;
import skarb.testkit.disk.SimulatedCrash;
import skarb.v1.Body;
import skarb.v1.Checksums;
import skarb.v1.Manifest;
import skarb.v1.WriteConditions;

/// Bodies about the size up to which they ride in the journal: one byte less, just so many, one
/// more. The power is cut at each operation; what was answered is read whole afterwards.
class SmallBodyCrashTest {
  private static final ContentConfig CONFIG = ContentConfig.standard();
  private static final BucketName BUCKET = new BucketName("small");

  @Test
  void whatWasAnsweredIsReadAfterAPowerCutAtAnyOperation() throws Exception {
    for (int n = 1; ; n++) {
      SegmentFixture fixture =
          new SegmentFixture(new ChunkStoreConfig(1, 1 << 20, 100, Duration.ofMinutes(10), 4));
      Map<String, byte[]> answered = new LinkedHashMap<>();
      fixture.disk.crashAt(n);
      try (Store store = new Store(fixture)) {
        putAll(store, answered);
      } catch (SimulatedCrash | NodeException | IOException expected) {
        assertThat(fixture.disk.faultFired()).isTrue();
      } catch (IllegalStateException | CompletionException e) {
        if (!fixture.disk.faultFired()) {
          throw e;
        }
      }
      boolean crashed = fixture.disk.faultFired();
      fixture.disk.restart(n);
      try (Store store = new Store(fixture)) {
        for (Map.Entry<String, byte[]> object : answered.entrySet()) {
          assertThat(store.get(object.getKey())).as("at " + n).isEqualTo(object.getValue());
        }
      }
      if (!crashed) {
        assertThat(answered).hasSize(6);
        assertThat(n).isGreaterThan(20);
        break;
      }
    }
  }

  private static void putAll(Store store, Map<String, byte[]> answered) throws Exception {
    for (int round = 0; round < 2; round++) {
      for (int more = -1; more <= 1; more++) {
        byte[] body = content(10 * round + more, CONFIG.journaledBytes() + more);
        String key = "key" + round + more;
        assertThat(store.put(key, body)).as(key + " rides in the journal").isEqualTo(more <= 0);
        answered.put(key, body);
      }
    }
  }

  /// All of a node that a body touches, on the simulated disk.
  private static final class Store implements AutoCloseable {
    private final Seams seams;
    private final ChunkStore chunks;
    private final FileJournal journal;
    private final Index index;
    private final CommitPipeline commits;
    private final BodyBudget budget = new BodyBudget(1 << 20);

    Store(SegmentFixture fixture) throws IOException {
      seams = fixture.seams();
      Path folder = fixture.data.resolve("journal");
      Files.createDirectories(folder);
      chunks = fixture.open(seams, number -> journal().fileOf(number));
      try {
        journal =
            FileJournal.open(
                folder,
                SegmentFixture.STORE,
                seams,
                new JournalConfig(64 << 10, false),
                chunks::addPlace);
        index = new Recovery(journal, new FreshIndex(), (batch, last) -> {}).recover().index();
        commits =
            new CommitPipeline(
                seams, CommitConfig.of(new SiteId(7), "test"), journal, index, chunks::addPlace);
      } catch (IOException | RuntimeException | Error e) {
        chunks.close();
        throw e;
      }
      if (new Catalog(index).bucket(BUCKET.value()).isEmpty()) {
        commits.commit(
            Submission.of(new Mutation.CreateBucket("owner", BUCKET, ""), Optional.empty()));
      }
    }

    private FileJournal journal() {
      return journal;
    }

    /// @return whether it rides in the journal
    boolean put(String key, byte[] content) throws InterruptedException {
      try (BodyWriter writer = new BodyWriter(seams, CONFIG, chunks, budget, BodyPromise.none())) {
        writer.write(ByteString.copyFrom(content));
        StoredBody stored = writer.finish(Checksums.getDefaultInstance());
        Body body =
            Body.newBuilder()
                .setManifest(stored.manifest())
                .setEtag(stored.md5())
                .setOwnerId("owner")
                .build();
        commits.commit(
            new Submission(
                new Mutation.PutObject(
                    "owner", BUCKET, ObjectKey.of(key), body, WriteConditions.getDefaultInstance()),
                Optional.empty(),
                stored.journaled(),
                stored::close));
        return !stored.journaled().isEmpty();
      }
    }

    byte[] get(String key) {
      Catalog catalog = new Catalog(index);
      var bucket = catalog.bucket(BUCKET.value()).orElseThrow().incarnation();
      Manifest manifest =
          catalog.current(bucket, ObjectKey.of(key).bytes()).orElseThrow().body().getManifest();
      List<ByteString> frames = new ArrayList<>();
      new BodyReader(chunks)
          .read(manifest, 0, manifest.getSize(), (frame, crc) -> frames.add(frame));
      return ByteString.copyFrom(frames).toByteArray();
    }

    @Override
    public void close() throws IOException {
      commits.close();
      chunks.close();
    }
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
