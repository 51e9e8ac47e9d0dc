package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Join;
import skarb.node.index.LoggedEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.OriginBorn;
import skarb.v1.OriginHead;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.SeenChange;

/// Numbers and chains the entries that this site writes.
///
/// The first write after a start begins a new origin, so that a disk that was rolled back, a
/// restored backup or a copied data directory never uses a dot twice. Its first entry,
/// `OriginBorn`, names the last entry that the site knew of its own, and by `seen` all that it had
/// logged by then.
///
/// `seen` is coded as the change since the entry before: the components of other origins that grew.
/// The own component is not written, for an entry has seen all before it of its own origin.
///
/// Of one thread, the committer's.
final class OwnOrigin {
  private final CommitConfig config;
  private final RandomGenerator random;
  private final TreeMap<OriginId, OriginHead> others;
  private final TreeMap<OriginId, Long> grown = new TreeMap<>();

  private @Nullable OriginId origin;
  private Hlc bornAt = Hlc.ZERO;
  private long sequence;
  private ByteString lastHash = ByteString.EMPTY;

  /// @param heads every origin whose entries are logged here, with its last entry
  OwnOrigin(CommitConfig config, RandomGenerator random, Map<OriginId, OriginHead> heads) {
    this.config = config;
    this.random = random;
    this.others = new TreeMap<>(heads);
    heads.forEach((id, head) -> grown.put(id, head.getSequence()));
  }

  /// Whether the first entry since the start is still to come.
  boolean isUnborn() {
    return origin == null;
  }

  /// Begins the origin.
  ///
  /// @return its first entry
  LoggedEntry bear(Hlc stamp) {
    OriginId chosen;
    do {
      chosen = OriginId.of(config.site(), random.nextInt());
    } while (others.containsKey(chosen) || grown.containsKey(chosen));
    OriginBorn.Builder born =
        OriginBorn.newBuilder().setSite(config.site().value()).setSiteName(config.siteName());
    Map.Entry<OriginId, OriginHead> previous = lastOfThisSite();
    if (previous != null) {
      long last = previous.getValue().getSequence();
      born.setPrevious(new EntryDot(previous.getKey(), last).toProto())
          .setPreviousHash(previous.getValue().getHash());
    }
    origin = chosen;
    bornAt = stamp;
    return write(
        stamp,
        List.of(Effect.newBuilder().setOriginBorn(born).build()),
        List.of(Scope.newBuilder().addRegisters(RegisterKind.REGISTER_KIND_BORN).build()),
        List.of(),
        List.of());
  }

  /// Takes in that an entry of another origin is logged: what is written from here on has seen it.
  void saw(EntryDot dot) {
    grown.put(dot.origin(), dot.sequence());
  }

  /// Whether another entry is the birth of a later origin of this site that is none of ours: a copy
  /// of this store runs elsewhere.
  boolean isTwin(LoggedEntry other) {
    OriginId own = origin;
    if (own == null || other.dot().origin().equals(own)) {
      return false;
    }
    return other.order().hlc().compareTo(bornAt) > 0
        && other.entry().getEffectsList().stream()
            .anyMatch(effect ->
                effect.hasOriginBorn()
                    && effect.getOriginBorn().getSite() == config.site().value());
  }

  /// The dot that the next entry will have.
  EntryDot nextDot() {
    return new EntryDot(born(), sequence + 1);
  }

  /// The next entry.
  ///
  /// @param replaces the dots of the rows that it displaces here
  /// @param pending the dots of entries on what it is about that are logged here and cannot act
  ///   yet: it has not seen them
  LoggedEntry write(
      Hlc stamp, List<Effect> effects, List<Scope> scopes, List<Dot> replaces, List<Dot> pending) {
    EntryHeader.Builder header =
        EntryHeader.newBuilder()
            .setDot(nextDot().toProto())
            .setHlc(stamp.value())
            .setPreviousHash(lastHash)
            .addAllScopes(scopes)
            .addAllReplaces(replaces);
    if (!grown.isEmpty() || !pending.isEmpty()) {
      header.setSeen(advanced(grown).toBuilder().addAllReduced(pending));
      grown.clear();
    }
    Entry entry = Entry.newBuilder().setHeader(header).addAllEffects(effects).build();
    LoggedEntry logged = new LoggedEntry(entry, entry.toByteString());
    sequence++;
    lastHash = Join.hash(logged.bytes());
    return logged;
  }

  private OriginId born() {
    if (origin == null) {
      throw new IllegalStateException("the origin is not born yet");
    }
    return origin;
  }

  private Map.@Nullable Entry<OriginId, OriginHead> lastOfThisSite() {
    Map.Entry<OriginId, OriginHead> last = null;
    for (Map.Entry<OriginId, OriginHead> other : others.entrySet()) {
      if (other.getKey().site().equals(config.site())
          && (last == null
              || Long.compareUnsigned(other.getValue().getHlc(), last.getValue().getHlc()) > 0)) {
        last = other;
      }
    }
    return last;
  }

  private static SeenChange advanced(SortedMap<OriginId, Long> components) {
    SeenChange.Builder change = SeenChange.newBuilder();
    components.forEach((id, last) -> change.addAdvanced(new EntryDot(id, last).toProto()));
    return change.build();
  }
}
