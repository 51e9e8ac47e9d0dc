package skarb.node.oplog;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;
import skarb.v1.Dot;
import skarb.v1.SeenVector;

/// Origin to the highest sequence up to which all entries are in. Immutable.
///
/// @param components without zeroes
public record VersionVector(NavigableMap<OriginId, Long> components) {
  /// Nothing.
  public static final VersionVector EMPTY = new VersionVector(new TreeMap<>());

  public VersionVector {
    components = Collections.unmodifiableNavigableMap(new TreeMap<>(components));
  }

  /// From its form in messages.
  public static VersionVector of(SeenVector vector) {
    NavigableMap<OriginId, Long> components = new TreeMap<>();
    for (Dot dot : vector.getComponentsList()) {
      if (dot.getSequence() > 0) {
        components.merge(new OriginId(dot.getOrigin()), dot.getSequence(), Math::max);
      }
    }
    return new VersionVector(components);
  }

  /// Its form in messages.
  public SeenVector toProto() {
    SeenVector.Builder vector = SeenVector.newBuilder();
    components.forEach((origin, sequence) ->
        vector.addComponents(Dot.newBuilder().setOrigin(origin.value()).setSequence(sequence)));
    return vector.build();
  }

  /// Whether an entry is in.
  public boolean covers(EntryDot dot) {
    return components.getOrDefault(dot.origin(), 0L) >= dot.sequence();
  }

  /// Whether all that is in another vector is in.
  public boolean coversAll(VersionVector other) {
    return other.components.entrySet().stream()
        .allMatch(each -> components.getOrDefault(each.getKey(), 0L) >= each.getValue());
  }

  /// What is in either.
  public VersionVector with(VersionVector other) {
    NavigableMap<OriginId, Long> both = new TreeMap<>(components);
    for (Map.Entry<OriginId, Long> each : other.components.entrySet()) {
      both.merge(each.getKey(), each.getValue(), Math::max);
    }
    return new VersionVector(both);
  }
}
