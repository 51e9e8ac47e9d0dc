package skarb.simulation;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import skarb.node.journal.FileJournal;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.JournalRecord;
import skarb.v1.LocalRecord;
import skarb.v1.SeenChange;

/// What happened at one site, read from its journal from the first batch to the last, by rules that
/// are written here once more and share no code with the node's: which entries could act when, what
/// was current of each key after each batch, and what each entry that was written here had truly
/// seen.
final class SiteHistory {
  /// An object's key in a bucket's incarnation.
  record Key(EntryDot bucket, String key) {}

  /// What was served of a key from a batch on.
  ///
  /// @param tag its entity tag; empty for nothing
  record Served(long batch, String tag) {}

  /// An entry, with what its writer had seen.
  ///
  /// @param claimed what `seen` says: origin to highest sequence, less `reduced`
  /// @param acted what could act where and when it was written; null for entries that came from
  ///   elsewhere
  /// @param batch where it stands in this journal
  record Written(
      Entry entry,
      EntryDot dot,
      EntryOrder order,
      NavigableMap<OriginId, Long> claimed,
      Map<OriginId, Long> reduced,
      Set<EntryDot> acted,
      long batch) {}

  private final SiteId site;
  private final Map<EntryDot, Entry> entries = new LinkedHashMap<>();
  private final Map<EntryDot, Entry> pending = new TreeMap<>();
  private final Map<Key, KeyState> keys = new LinkedHashMap<>();
  private final Map<Key, List<Served>> served = new HashMap<>();
  private final List<Written> own = new ArrayList<>();

  /// Those that act, by the key that they touch.
  private final Map<Key, Set<EntryDot>> actedOn = new HashMap<>();

  private final Map<OriginId, NavigableMap<OriginId, Long>> seen = new HashMap<>();
  private final Map<String, List<EntryDot>> buckets = new TreeMap<>();
  private final Set<Key> touched = new HashSet<>();
  private final Set<EntryDot> pendedNow = new HashSet<>();
  private long batch;

  private SiteHistory(SiteId site) {
    this.site = site;
  }

  /// Reads a journal whole.
  static SiteHistory read(SiteId site, FileJournal journal) throws IOException {
    SiteHistory history = new SiteHistory(site);
    journal.replay(1, history::batch);
    return history;
  }

  private void batch(long number, List<ByteString> records) throws IOException {
    batch = number;
    touched.clear();
    pendedNow.clear();
    try {
      for (ByteString bytes : records) {
        JournalRecord record = JournalRecord.parseFrom(bytes);
        if (record.hasLocal()) {
          local(record.getLocal());
        } else {
          log(Entry.parseFrom(record.getEntry()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("batch " + number, e);
    }
    for (Key key : touched) {
      String tag = state(key).currentTag();
      List<Served> history = served.computeIfAbsent(key, absent -> new ArrayList<>());
      if (history.isEmpty() || !history.getLast().tag().equals(tag)) {
        history.add(new Served(number, tag));
      }
    }
  }

  private void local(LocalRecord record) {
    switch (record.getRecordCase()) {
      case ENTRY_PENDED -> pendedNow.add(EntryDot.of(record.getEntryPended().getDot()));
      case ENTRY_RELEASED -> {
        EntryDot dot = EntryDot.of(record.getEntryReleased().getDot());
        Entry released = pending.remove(dot);
        if (released == null) {
          throw new AssertionError(dot + " was released and was not pending");
        }
        act(dot, released);
      }
      default -> {}
    }
  }

  private void log(Entry entry) {
    EntryDot dot = EntryDot.of(entry.getHeader().getDot());
    if (entries.put(dot, entry) != null) {
      throw new AssertionError(dot + " was logged twice");
    }
    NavigableMap<OriginId, Long> vector =
        seen.computeIfAbsent(dot.origin(), absent -> new TreeMap<>());
    SeenChange change = entry.getHeader().getSeen();
    change
        .getAdvancedList()
        .forEach(
            each -> vector.merge(new OriginId(each.getOrigin()), each.getSequence(), Math::max));
    if (dot.origin().site().equals(site)) {
      own.add(written(dot, entry, vector));
    }
    if (pendedNow.remove(dot)) {
      pending.put(dot, entry);
    } else {
      act(dot, entry);
    }
  }

  private Written written(EntryDot dot, Entry entry, NavigableMap<OriginId, Long> vector) {
    Map<OriginId, Long> reduced = new HashMap<>();
    for (Dot each : entry.getHeader().getSeen().getReducedList()) {
      reduced.merge(new OriginId(each.getOrigin()), each.getSequence() - 1, Math::min);
    }
    Set<EntryDot> acted = new HashSet<>();
    for (Key key : keysOf(entry)) {
      acted.addAll(actedOn.getOrDefault(key, Set.of()));
    }
    return new Written(entry, dot, order(dot, entry), new TreeMap<>(vector), reduced, acted, batch);
  }

  private static EntryOrder order(EntryDot dot, Entry entry) {
    return new EntryOrder(new skarb.node.model.Hlc(entry.getHeader().getHlc()), dot.origin());
  }

  private void act(EntryDot dot, Entry entry) {
    EntryOrder order = order(dot, entry);
    for (Effect effect : entry.getEffectsList()) {
      act(dot, order, effect);
    }
    for (Key key : keysOf(entry)) {
      actedOn.computeIfAbsent(key, absent -> new HashSet<>()).add(dot);
      touched.add(key);
    }
  }

  private void act(EntryDot dot, EntryOrder order, Effect effect) {
    switch (effect.getEffectCase()) {
      case NULL_SET ->
          state(effect.getNullSet().getBucket(), effect.getNullSet().getKey())
              .setNull(dot, order, effect.getNullSet().getValue());
      case VERSION_SET ->
          state(effect.getVersionSet().getBucket(), effect.getVersionSet().getKey())
              .setVersion(
                  dot,
                  order,
                  EntryOrder.of(effect.getVersionSet().getVersion()),
                  effect.getVersionSet().getValue());
      case VERSION_REMOVED ->
          state(effect.getVersionRemoved().getBucket(), effect.getVersionRemoved().getKey())
              .remove(
                  EntryOrder.of(effect.getVersionRemoved().getVersion()),
                  EntryDot.of(effect.getVersionRemoved().getRemoved()));
      case CONFLICT_KEPT ->
          state(effect.getConflictKept().getBucket(), effect.getConflictKept().getKey())
              .keep(EntryDot.of(effect.getConflictKept().getLoserDot()));
      case CONFLICT_RESOLVED ->
          state(effect.getConflictResolved().getBucket(), effect.getConflictResolved().getKey())
              .settle(EntryDot.of(effect.getConflictResolved().getLoserDot()));
      case BUCKET_CREATED ->
          buckets
              .computeIfAbsent(
                  effect.getBucketCreated().getBucket().getName(), absent -> new ArrayList<>())
              .add(dot);
      default -> {}
    }
  }

  /// The keys that an entry writes or deletes.
  static List<Key> keysOf(Entry entry) {
    List<Key> keys = new ArrayList<>();
    for (Effect effect : entry.getEffectsList()) {
      switch (effect.getEffectCase()) {
        case NULL_SET ->
            keys.add(key(effect.getNullSet().getBucket(), effect.getNullSet().getKey()));
        case VERSION_SET ->
            keys.add(key(effect.getVersionSet().getBucket(), effect.getVersionSet().getKey()));
        case VERSION_REMOVED ->
            keys.add(
                key(effect.getVersionRemoved().getBucket(), effect.getVersionRemoved().getKey()));
        case CONFLICT_KEPT ->
            keys.add(key(effect.getConflictKept().getBucket(), effect.getConflictKept().getKey()));
        case CONFLICT_RESOLVED ->
            keys.add(
                key(
                    effect.getConflictResolved().getBucket(),
                    effect.getConflictResolved().getKey()));
        default -> {}
      }
    }
    return keys;
  }

  private static Key key(Dot bucket, ByteString key) {
    return new Key(EntryDot.of(bucket), key.toStringUtf8());
  }

  private KeyState state(Dot bucket, ByteString key) {
    return state(key(bucket, key));
  }

  private KeyState state(Key key) {
    return keys.computeIfAbsent(key, absent -> new KeyState());
  }

  // ---- what came of it

  /// The entity tags that were served of a key at some time from a batch to another one; empty for
  /// nothing.
  Set<String> servedBetween(Key key, long from, long to) {
    Set<String> tags = new HashSet<>();
    String before = "";
    for (Served each : served.getOrDefault(key, List.of())) {
      if (each.batch() > to) {
        break;
      }
      if (each.batch() <= from) {
        before = each.tag();
      } else {
        tags.add(each.tag());
      }
    }
    tags.add(before);
    return tags;
  }

  Map<Key, KeyState> keys() {
    return keys;
  }

  Map<EntryDot, Entry> entries() {
    return entries;
  }

  SiteId site() {
    return site;
  }

  /// What was written here, in order.
  List<Written> own() {
    return own;
  }

  Map<EntryDot, Entry> pending() {
    return pending;
  }

  /// The incarnation that was first made under a name.
  EntryDot bucket(String name) {
    return buckets(name).getFirst();
  }

  /// All that were made under a name.
  List<EntryDot> buckets(String name) {
    return buckets.getOrDefault(name, List.of());
  }
}
