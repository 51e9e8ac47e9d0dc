package skarb.testkit.model;

import java.util.List;
import java.util.Optional;

/// One page of a listing.
///
/// @param objects in byte order of their keys
/// @param commonPrefixes in byte order
/// @param nextMarker the last entry of this page, where there is a next one
public record Page<V>(
    List<Item<V>> objects, List<String> commonPrefixes, Optional<String> nextMarker) {

  /// An object in a page.
  public record Item<V>(String key, V value) {}

  /// Copies the lists.
  public Page {
    objects = List.copyOf(objects);
    commonPrefixes = List.copyOf(commonPrefixes);
  }

  /// Whether more follows.
  public boolean isTruncated() {
    return nextMarker.isPresent();
  }

  /// The keys alone.
  public List<String> keys() {
    return objects.stream().map(Item::key).toList();
  }
}
