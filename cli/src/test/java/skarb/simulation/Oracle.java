package skarb.simulation;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import skarb.node.index.Catalog;
import skarb.node.model.EntryDot;
import skarb.node.model.SiteId;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;

/// Holds what people were told, and how it ended, against the journals as [SiteHistory] reads them.
///
/// - *At every answer*: what was read was current at that site at some time between question and
///   answer; what was acknowledged stands in the site's journal, in a batch between them.
/// - *Of every entry*: its writer had truly seen what `seen` claims; its stamp is above all that it
///   had seen of its key.
/// - *In the end*: all sites hold the same entries; of every body that was ever written, it is
///   current or stands as a version, or somebody who had truly seen it replaced or removed it, or
///   it is kept as a conflict; and no conflict is kept of a body that somebody replaced knowingly.
final class Oracle {
  private final List<SiteHistory> histories;

  /// What each entry had truly seen of its keys.
  private final Map<EntryDot, SiteHistory.Written> written = new HashMap<>();

  /// The entries that touch a key, wherever they are logged.
  private final Map<SiteHistory.Key, Set<EntryDot>> byKey = new HashMap<>();

  Oracle(List<SiteHistory> histories) {
    this(histories, List.of());
  }

  /// @param lost journals that are no more, of sites that were put back to before
  Oracle(List<SiteHistory> histories, List<SiteHistory> lost) {
    this.histories = histories;
    for (SiteHistory each : Iterables.concat(histories, lost)) {
      each.own().forEach(own -> written.put(own.dot(), own));
      each.entries()
          .forEach((dot, entry) ->
              SiteHistory.keysOf(entry)
                  .forEach(key -> byKey.computeIfAbsent(key, absent -> new TreeSet<>()).add(dot)));
    }
  }

  // ---- answers

  void check(List<Answer> answers) {
    answers.forEach(this::check);
  }

  private void check(Answer answer) {
    SiteHistory site = histories.get(answer.site());
    switch (answer) {
      case Answer.Stored stored -> isJournaled(site, stored);
      case Answer.Deleted deleted -> isDeleted(site, deleted);
      case Answer.Read read ->
          mustBeServed(site, read, key(site, read.bucket(), read.key()), read.tag());
      case Answer.Listed listed -> {
        Map<String, String> told = new HashMap<>();
        listed.items().forEach(item -> told.put(item.key(), item.tag()));
        for (SiteHistory.Key key : site.keys().keySet()) {
          if (key.bucket().equals(site.bucket(listed.bucket()))) {
            mustBeServed(site, listed, key, told.getOrDefault(key.key(), ""));
          }
        }
      }
    }
  }

  private static SiteHistory.Key key(SiteHistory site, String bucket, String key) {
    return new SiteHistory.Key(site.bucket(bucket), key);
  }

  private static void mustBeServed(
      SiteHistory site, Answer answer, SiteHistory.Key key, String tag) {
    Set<String> right = site.servedBetween(key, answer.from(), answer.to());
    if (!right.contains(tag)) {
      throw new AssertionError(
          "wrong answer " + answer + " about " + key.key() + ": current was one of " + right);
    }
  }

  private static void isJournaled(SiteHistory site, Answer.Stored stored) {
    boolean found =
        site.own().stream()
            .filter(each -> isBetween(each, stored))
            .anyMatch(each ->
                site.buckets(stored.bucket()).stream()
                    .map(bucket -> new SiteHistory.Key(bucket, stored.key()))
                    .anyMatch(key -> writes(each.entry(), key, stored.tag())));
    if (!found) {
      throw new AssertionError("acknowledged and not in the journal: " + stored);
    }
  }

  private static boolean isBetween(SiteHistory.Written entry, Answer answer) {
    return entry.batch() > answer.from() && entry.batch() <= answer.to();
  }

  private static boolean writes(Entry entry, SiteHistory.Key key, String tag) {
    return SiteHistory.keysOf(entry).contains(key)
        && entry.getEffectsList().stream()
            .anyMatch(effect ->
                KeyState.tag(effect.getNullSet().getValue().getBody()).equals(tag)
                    || KeyState.tag(effect.getVersionSet().getValue().getBody()).equals(tag));
  }

  /// A delete wrote something, or there was nothing to be deleted.
  private static void isDeleted(SiteHistory site, Answer.Deleted deleted) {
    SiteHistory.Key key = key(site, deleted.bucket(), deleted.key());
    boolean wrote =
        site.own().stream()
            .filter(each -> isBetween(each, deleted))
            .anyMatch(each -> SiteHistory.keysOf(each.entry()).contains(key));
    if (!wrote
        && deleted.versionId().isEmpty()
        && !site.servedBetween(key, deleted.from(), deleted.to()).contains("")) {
      throw new AssertionError("acknowledged and nothing was deleted: " + deleted);
    }
  }

  // ---- entries

  void checkEntries() {
    for (SiteHistory.Written each : written.values()) {
      for (SiteHistory.Key key : SiteHistory.keysOf(each.entry())) {
        if (isOfPeople(each.entry())) {
          checkSeen(each, key);
        }
      }
    }
  }

  /// What the committer notes by itself displaces nothing.
  private static boolean isOfPeople(Entry entry) {
    return entry.getEffectsList().stream()
        .noneMatch(effect -> effect.hasConflictKept() || effect.hasConflictResolved());
  }

  private void checkSeen(SiteHistory.Written entry, SiteHistory.Key key) {
    for (EntryDot dot : byKey.getOrDefault(key, Set.of())) {
      if (!dot.equals(entry.dot()) && claims(entry, dot) && !entry.acted().contains(dot)) {
        throw new AssertionError(entry.dot() + " claims to have seen " + dot + " and had not");
      }
    }
    for (EntryDot seen : entry.acted()) {
      SiteHistory.Written other = written.get(seen);
      if (other != null
          && SiteHistory.keysOf(other.entry()).contains(key)
          && other.order().compareTo(entry.order()) >= 0) {
        throw new AssertionError(entry.dot() + " had seen " + seen + " and is not above it");
      }
    }
  }

  private static boolean claims(SiteHistory.Written entry, EntryDot dot) {
    if (dot.origin().equals(entry.dot().origin())) {
      return dot.sequence() < entry.dot().sequence();
    }
    long upTo = entry.claimed().getOrDefault(dot.origin(), 0L);
    long reduced = entry.reduced().getOrDefault(dot.origin(), Long.MAX_VALUE);
    return dot.sequence() <= Math.min(upTo, reduced);
  }

  // ---- the end

  /// All journals hold the same entries, and every body is accounted for.
  ///
  /// @param present the sites that have not left
  void checkConverged(List<SimulatedSite> present) {
    Set<EntryDot> all = new TreeSet<>(histories.getFirst().entries().keySet());
    Set<SiteId> ids = new HashSet<>(present.stream().map(SimulatedSite::id).toList());
    for (SiteHistory each : histories) {
      if (!ids.contains(each.site())) {
        continue;
      }
      if (!all.equals(new TreeSet<>(each.entries().keySet()))) {
        throw new AssertionError("the journals do not hold the same entries");
      }
      if (!each.pending().isEmpty()) {
        throw new AssertionError("still pending: " + each.pending().keySet());
      }
    }
    checkNothingLost(histories.getFirst());
  }

  /// Nothing that is kept as a conflict was replaced knowingly: somebody who noted the one came to
  /// know of the other. Holds where no site has gone before it could.
  void checkNothingKeptInVain() {
    SiteHistory site = histories.getFirst();
    for (Entry each : site.entries().values()) {
      for (Dot replaced : each.getHeader().getReplacesList()) {
        EntryDot dot = EntryDot.of(replaced);
        for (SiteHistory.Key key : SiteHistory.keysOf(each)) {
          KeyState state = site.keys().get(key);
          if (state != null && state.conflicts().contains(dot)) {
            throw new AssertionError(
                dot + " of " + key + " is kept, and " + name(each) + " had replaced it knowingly");
          }
        }
      }
    }
  }

  /// Whatever holds a body can be got at, however its bucket was raced for.
  void checkBucketsLive(Catalog catalog) {
    histories
        .getFirst()
        .keys()
        .forEach((key, state) -> {
          if (state.current().isPresent() && !catalog.lives(key.bucket())) {
            throw new AssertionError(key + " has a body, and its bucket is gone");
          }
        });
  }

  /// Bodies of null versions can be lost by a write that had not seen them; versions stand until
  /// they are removed.
  private void checkNothingLost(SiteHistory site) {
    Map<SiteHistory.Key, List<Entry>> byKey = new HashMap<>();
    for (Entry entry : site.entries().values()) {
      for (SiteHistory.Key key : new HashSet<>(SiteHistory.keysOf(entry))) {
        byKey.computeIfAbsent(key, absent -> new ArrayList<>()).add(entry);
      }
    }
    byKey.forEach((key, entries) -> {
      KeyState state = site.keys().get(key);
      if (state == null) {
        throw new AssertionError("no state of " + key);
      }
      for (Entry entry : entries) {
        if (entry.getEffectsList().stream().anyMatch(effect -> isNullBody(effect, key))) {
          checkNullBody(state, entry, entries);
        }
      }
    });
  }

  private static boolean isNullBody(Effect effect, SiteHistory.Key key) {
    return effect.hasNullSet()
        && effect.getNullSet().getValue().hasBody()
        && EntryDot.of(effect.getNullSet().getBucket()).equals(key.bucket())
        && effect.getNullSet().getKey().toStringUtf8().equals(key.key());
  }

  private void checkNullBody(KeyState state, Entry entry, List<Entry> all) {
    EntryDot dot = EntryDot.of(entry.getHeader().getDot());
    Optional<KeyState.Value> now = state.nullValue();
    if (now.isPresent() && now.get().dot().equals(dot)) {
      if (state.everKept().contains(dot) && !isSuperseded(dot, all)) {
        mustBeKept(state, dot, all);
      }
      return;
    }
    if (!isSuperseded(dot, all)) {
      mustBeKept(state, dot, all);
    }
  }

  private boolean isSuperseded(EntryDot dot, List<Entry> all) {
    for (Entry each : all) {
      SiteHistory.Written other = written.get(EntryDot.of(each.getHeader().getDot()));
      if (other != null
          && other.acted().contains(dot)
          && each.getEffectsList().stream().anyMatch(Effect::hasNullSet)) {
        return true;
      }
    }
    return false;
  }

  private void mustBeKept(KeyState state, EntryDot dot, List<Entry> all) {
    if (!state.everKept().contains(dot)) {
      throw new AssertionError(
          dot
              + " was acknowledged, nobody replaced it who had seen it, and it is lost:"
              + story(dot, all));
    }
  }

  /// What was said of a key, for people, with who knew of an entry.
  private String story(EntryDot dot, List<Entry> all) {
    StringBuilder story = new StringBuilder();
    for (Entry each : all) {
      EntryDot other = EntryDot.of(each.getHeader().getDot());
      SiteHistory.Written known = written.get(other);
      story
          .append("\n  ")
          .append(other)
          .append(" hlc ")
          .append(Long.toHexString(each.getHeader().getHlc()))
          .append(known != null && known.acted().contains(dot) ? " had seen it" : "")
          .append(known != null && claims(known, dot) ? " claims it" : "")
          .append(each.getHeader().getReplacesList().contains(dot.toProto()) ? " replaces it" : "")
          .append(' ')
          .append(each.getEffectsList());
    }
    return story.toString();
  }

  private static String name(Entry entry) {
    Dot dot = entry.getHeader().getDot();
    return EntryDot.of(dot).toString();
  }
}
