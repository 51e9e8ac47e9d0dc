package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.Requests.createBucket;
import static skarb.node.commit.Requests.delete;
import static skarb.node.commit.Requests.put;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skarb.node.index.MemoryIndex;
import skarb.node.model.SiteId;
import skarb.v1.Dot;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.JournalRecord;
import skarb.v1.OriginBorn;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;

/// Reads what was written as another site would, from the bytes alone.
class CommitChainTest {
  private final ManualClock wall = new ManualClock(1_000_000);
  private final MemoryCommitLog log = new MemoryCommitLog();
  private final MemoryIndex index = new MemoryIndex();

  @Test
  void entriesAreNumberedChainedAndStampedUpwards() throws Exception {
    run(1, createBucket(), put("a", "v"), put("a", "w"), delete("a"));
    wall.set(999_990);
    run(2, put("b", "v"), put("c", "v"));
    run(3, put("b", "w"));

    Map<Long, List<ByteString>> byOrigin = new LinkedHashMap<>();
    long stamp = 0;
    for (ByteString bytes : entries()) {
      EntryHeader header = Entry.parseFrom(bytes).getHeader();
      List<ByteString> chain =
          byOrigin.computeIfAbsent(header.getDot().getOrigin(), absent -> new ArrayList<>());
      assertThat(header.getDot().getSequence()).isEqualTo(chain.size() + 1);
      assertThat(header.getPreviousHash())
          .isEqualTo(chain.isEmpty() ? ByteString.EMPTY : sha256(chain.getLast()));
      assertThat(Long.compareUnsigned(header.getHlc(), stamp)).isPositive();
      stamp = header.getHlc();
      chain.add(bytes);
    }
    assertThat(byOrigin.values().stream().map(List::size)).containsExactly(5, 3, 2);
    assertThat(byOrigin.keySet()).allMatch(origin -> origin >>> 32 == 7);
  }

  @Test
  void eachStartBeginsAnOriginThatNamesTheLastEntryBeforeIt() throws Exception {
    run(1, createBucket(), put("a", "v"));
    run(2);
    run(3, put("b", "v"));
    List<ByteString> entries = entries();
    assertThat(entries).hasSize(5);
    OriginBorn first = Entry.parseFrom(entries.getFirst()).getEffects(0).getOriginBorn();
    assertThat(first.getSite()).isEqualTo(7);
    assertThat(first.getSiteName()).isEqualTo("test");
    assertThat(first.hasPrevious()).isFalse();
    OriginBorn second = Entry.parseFrom(entries.get(3)).getEffects(0).getOriginBorn();
    assertThat(second.getPrevious()).isEqualTo(header(entries.get(2)).getDot());
    assertThat(second.getPreviousHash()).isEqualTo(sha256(entries.get(2)));
  }

  @Test
  void theBirthIsInTheBatchOfTheFirstWrite() throws Exception {
    run(1, createBucket());
    assertThat(log.batches()).hasSize(1);
    assertThat(log.batches().getFirst()).hasSize(2);
  }

  @Test
  void rejectionsBeginNoOrigin() throws Exception {
    try (CommitPipeline pipeline = pipeline(1)) {
      assertThat(pipeline.commitAll(List.of(Requests.submission(put("a", "v")))))
          .first()
          .isInstanceOf(Outcome.Failed.class);
    }
    assertThat(log.batches()).isEmpty();
  }

  @Test
  void seenSaysOnceWhatOfOtherOriginsWasLogged() throws Exception {
    run(1, createBucket(), put("a", "v"));
    run(2, put("b", "v"));
    run(3, put("c", "v"), put("d", "v"));
    Map<Long, Map<Long, Long>> seen = new TreeMap<>();
    Map<Long, Long> logged = new TreeMap<>();
    for (ByteString bytes : entries()) {
      EntryHeader header = header(bytes);
      long origin = header.getDot().getOrigin();
      Map<Long, Long> vector = seen.computeIfAbsent(origin, absent -> new TreeMap<>());
      for (Dot grown : header.getSeen().getAdvancedList()) {
        assertThat(vector.put(grown.getOrigin(), grown.getSequence())).isNull();
      }
      Map<Long, Long> others = new TreeMap<>(logged);
      others.remove(origin);
      assertThat(vector).isEqualTo(others);
      assertThat(header.getSeen().getReducedList()).isEmpty();
      logged.put(origin, header.getDot().getSequence());
    }
    assertThat(seen).hasSize(3);
  }

  @Test
  void replacesNamesWhatWasCurrent() throws Exception {
    run(1, createBucket(), put("a", "v"), put("a", "w"), delete("a"), put("a", "x"));
    List<ByteString> entries = entries();
    assertThat(header(entries.get(2)).getReplacesList()).isEmpty();
    assertThat(header(entries.get(3)).getReplacesList())
        .containsExactly(header(entries.get(2)).getDot());
    assertThat(header(entries.get(4)).getReplacesList())
        .containsExactly(header(entries.get(3)).getDot());
    assertThat(header(entries.get(5)).getReplacesList()).isEmpty();
  }

  @Test
  void scopesNameBucketKeyAndRegisters() throws Exception {
    run(1, createBucket(), put("a", "v"), Requests.createKey("K", "ann"));
    List<ByteString> entries = entries();
    Dot bucket = header(entries.get(1)).getDot();
    assertThat(header(entries.get(0)).getScopesList())
        .containsExactly(Scope.newBuilder().addRegisters(RegisterKind.REGISTER_KIND_BORN).build());
    assertThat(header(entries.get(1)).getScopesList())
        .containsExactly(
            Scope.newBuilder()
                .setBucket(bucket)
                .addRegisters(RegisterKind.REGISTER_KIND_BUCKET)
                .build());
    assertThat(header(entries.get(2)).getScopesList())
        .containsExactly(
            Scope.newBuilder()
                .setBucket(bucket)
                .setKey(ByteString.copyFromUtf8("a"))
                .addRegisters(RegisterKind.REGISTER_KIND_NULL)
                .build());
    assertThat(header(entries.get(3)).getScopesList())
        .containsExactly(
            Scope.newBuilder()
                .addRegisters(RegisterKind.REGISTER_KIND_USER)
                .addRegisters(RegisterKind.REGISTER_KIND_ACCESS_KEY)
                .build());
  }

  private void run(long seed, Mutation... mutations) throws Exception {
    try (CommitPipeline pipeline = pipeline(seed)) {
      for (Mutation mutation : mutations) {
        pipeline.commit(Requests.submission(mutation));
      }
    }
  }

  private CommitPipeline pipeline(long seed) {
    return new CommitPipeline(
        PipelineHarness.seams(wall, new SplittableRandom(seed)),
        CommitConfig.of(new SiteId(7), "test"),
        log,
        index,
        (chunk, place) -> {});
  }

  private List<ByteString> entries() throws Exception {
    List<ByteString> entries = new ArrayList<>();
    for (List<ByteString> batch : log.batches()) {
      for (ByteString record : batch) {
        JournalRecord parsed = JournalRecord.parseFrom(record);
        if (parsed.hasEntry()) {
          entries.add(parsed.getEntry());
        }
      }
    }
    return entries;
  }

  private static EntryHeader header(ByteString entry) throws Exception {
    return Entry.parseFrom(entry).getHeader();
  }

  private static ByteString sha256(ByteString bytes) throws Exception {
    return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
  }
}
