package skarb.simulation;

import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.Body;
import skarb.v1.NullValue;
import skarb.v1.VersionValue;

/// What a site knows of one key, by the rules alone: all that was ever said about it, of which
/// nothing is dropped, and what is current by that. Changed in place.
final class KeyState {
  /// One value of a register.
  ///
  /// @param body empty for a delete marker, and for what is absent
  /// @param isAbsent whether the null version was deleted without a marker
  record Value(EntryDot dot, EntryOrder order, Optional<Body> body, boolean isAbsent) {}

  private @Nullable Value nullValue;
  private final TreeMap<EntryOrder, Value> versions = new TreeMap<>();

  /// By the version's identity: the dots that were removed.
  private final Map<EntryOrder, Set<EntryDot>> removed = new TreeMap<>();

  private final Set<EntryDot> kept = new TreeSet<>();
  private final Set<EntryDot> settled = new TreeSet<>();

  void setNull(EntryDot dot, EntryOrder order, NullValue value) {
    Value old = nullValue;
    if (old == null || old.order().compareTo(order) <= 0) {
      nullValue =
          new Value(
              dot,
              order,
              value.hasBody() ? Optional.of(value.getBody()) : Optional.empty(),
              value.hasAbsent());
    }
  }

  void setVersion(EntryDot dot, EntryOrder order, EntryOrder id, VersionValue value) {
    Value old = versions.get(id);
    if (old == null || old.order().compareTo(order) <= 0) {
      versions.put(
          id,
          new Value(
              dot,
              order,
              value.hasBody() ? Optional.of(value.getBody()) : Optional.empty(),
              false));
    }
  }

  void remove(EntryOrder id, EntryDot target) {
    removed.computeIfAbsent(id, absent -> new TreeSet<>()).add(target);
  }

  void keep(EntryDot loser) {
    kept.add(loser);
  }

  void settle(EntryDot loser) {
    settled.add(loser);
  }

  /// The losers that are kept and not settled.
  Set<EntryDot> conflicts() {
    Set<EntryDot> open = new TreeSet<>(kept);
    open.removeAll(settled);
    return open;
  }

  Set<EntryDot> everKept() {
    Set<EntryDot> all = new TreeSet<>(kept);
    all.addAll(settled);
    return all;
  }

  private boolean isRemoved(EntryOrder id, Value value) {
    return removed.getOrDefault(id, Set.of()).contains(value.dot());
  }

  /// The versions that stand, by identity, the null version under its order.
  NavigableMap<EntryOrder, Value> standing() {
    TreeMap<EntryOrder, Value> all = new TreeMap<>();
    versions.forEach((id, value) -> {
      if (!isRemoved(id, value)) {
        all.put(id, value);
      }
    });
    Value none = nullValue;
    if (none != null && !none.isAbsent() && !isConflict(none)) {
      all.put(none.order(), none);
    }
    return all;
  }

  private boolean isConflict(Value value) {
    return value.body().isPresent()
        && (kept.contains(value.dot()) || settled.contains(value.dot()));
  }

  /// The body that is served; empty where there is none, or a delete marker is newest.
  Optional<Value> current() {
    NavigableMap<EntryOrder, Value> all = standing();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.lastEntry().getValue()).filter(value -> value.body().isPresent());
  }

  /// The entity tag of what is served, in hex; empty for nothing.
  String currentTag() {
    return current().flatMap(Value::body).map(KeyState::tag).orElse("");
  }

  static String tag(Body body) {
    return HexFormat.of().formatHex(body.getEtag().toByteArray());
  }

  Optional<Value> nullValue() {
    return Optional.ofNullable(nullValue);
  }
}
