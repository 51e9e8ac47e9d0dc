package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.Join;
import skarb.node.index.LoggedEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.v1.Body;
import skarb.v1.ChunkReference;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.Manifest;
import skarb.v1.NullSet;
import skarb.v1.NullValue;
import skarb.v1.OriginBorn;
import skarb.v1.PendingReason;

/// Entries that break a rule are logged, kept and passed on, and others flow past them.
class ReceivedEntryRulesTest {
  private final DisklessSite a = new DisklessSite(7);
  private final DisklessSite b = new DisklessSite(8);

  @BeforeEach
  void twoMembersAndABucket() {
    Committed _ = a.done(new Mutation.SetMember(new SiteId(7), DisklessSite.member("a")));
    Committed _ = a.done(new Mutation.SetMember(new SiteId(8), DisklessSite.member("b")));
    a.createBucket("ann", "bucket");
  }

  @Test
  void aStampThatDoesNotRiseWithinItsOriginIsMalformed() {
    Chain chain = new Chain(a.entries());
    chain.add(1, nullSet("k", body(32)));
    EntryDot good = chain.add(a.catalog().highestStamp().value() + 5, nullSet("l", body(32)));

    b.log(chain.entries);

    assertPending(PendingReason.PENDING_REASON_MALFORMED, good.sequence() - 1);
    assertThat(b.catalog().current(b.bucket(), ByteString.copyFromUtf8("l"))).isPresent();
    assertThat(b.current(ObjectKey.of("k"))).isEmpty();
  }

  @Test
  void aChunkWithoutAProperNameIsMalformed() {
    Chain chain = new Chain(a.entries());
    long stamp = a.catalog().highestStamp().value();
    EntryDot bad = chain.add(stamp + 1, nullSet("k", body(5)));
    chain.add(stamp + 2, nullSet("l", body(32)));

    b.log(chain.entries);

    assertPending(PendingReason.PENDING_REASON_MALFORMED, bad.sequence());
    assertThat(b.catalog().current(b.bucket(), ByteString.copyFromUtf8("l"))).isPresent();
  }

  @Test
  void anOriginIsBornOnce() {
    Chain chain = new Chain(a.entries());
    EntryDot again =
        chain.add(
            a.catalog().highestStamp().value() + 1,
            Effect.newBuilder().setOriginBorn(OriginBorn.newBuilder().setSite(7)).build());

    b.log(chain.entries);

    assertPending(PendingReason.PENDING_REASON_MALFORMED, again.sequence());
  }

  @Test
  void anOriginIsBornAtTheSiteWhoseIdItBears() {
    b.take(a);
    Chain chain = new Chain((7L << 32) + 99);
    chain.add(
        a.catalog().highestStamp().value() + 1,
        Effect.newBuilder().setOriginBorn(OriginBorn.newBuilder().setSite(8)).build());
    b.log(chain.entries);
    assertPending(PendingReason.PENDING_REASON_MALFORMED, 1);
  }

  /// A member vouches for what it passes on: it could have written the same itself.
  @Test
  void anEntryOfASiteThatIsNotKnownActs() {
    b.take(a);
    DisklessSite stranger = new DisklessSite(9);
    stranger.take(a);
    stranger.put("ann", "bucket", "k", "of a stranger");
    b.take(stranger);

    assertThat(b.catalog().pending(null, 9)).isEmpty();
    assertThat(b.current(ObjectKey.of("k"))).hasSize(1);
  }

  @Test
  void anEntryOfASiteThatLeftActs() {
    Committed _ =
        a.done(
            new Mutation.SetMember(
                new SiteId(7), DisklessSite.member("a").toBuilder().setLeft(true).build()));
    a.put("ann", "bucket", "k", "unsent before");
    b.take(a);

    assertThat(b.catalog().pending(null, 9)).isEmpty();
    assertThat(b.current(ObjectKey.of("k"))).hasSize(1);
  }

  private void assertPending(PendingReason reason, long... sequences) {
    assertThat(b.catalog().pending(null, 9))
        .extracting(each -> each.row().getReason())
        .containsOnly(reason);
    assertThat(b.catalog().pending(null, 9).stream().mapToLong(each -> each.dot().sequence()))
        .containsExactly(java.util.Arrays.stream(sequences).boxed().toArray(Long[]::new));
    assertThat(b.replayed()).isEqualTo(b.rows().digest());
  }

  private Effect nullSet(String key, Body body) {
    return Effect.newBuilder()
        .setNullSet(
            NullSet.newBuilder()
                .setBucket(a.bucket().toProto())
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(NullValue.newBuilder().setBody(body)))
        .build();
  }

  private static Body body(int nameBytes) {
    return Body.newBuilder()
        .setManifest(
            Manifest.newBuilder()
                .setSize(1)
                .addChunks(
                    ChunkReference.newBuilder()
                        .setChunk(ByteString.copyFrom(new byte[nameBytes]))
                        .setLength(1)))
        .build();
  }

  /// Goes on with the chain of an origin as somebody would who does not keep the rules.
  private static final class Chain {
    final List<LoggedEntry> entries = new ArrayList<>();
    private final long origin;

    Chain(List<LoggedEntry> before) {
      entries.addAll(before);
      origin = before.getLast().dot().origin().value();
    }

    Chain(long origin) {
      this.origin = origin;
    }

    EntryDot add(long hlc, Effect effect) {
      EntryHeader.Builder header = EntryHeader.newBuilder().setHlc(hlc);
      header
          .getDotBuilder()
          .setOrigin(origin)
          .setSequence(entries.isEmpty() ? 1 : entries.getLast().dot().sequence() + 1);
      if (!entries.isEmpty()) {
        header.setPreviousHash(Join.hash(entries.getLast().bytes()));
      }
      Entry entry = Entry.newBuilder().setHeader(header).addEffects(effect).build();
      entries.add(new LoggedEntry(entry, entry.toByteString()));
      return entries.getLast().dot();
    }
  }
}
