package skarb.testkit.model;

import java.util.List;
import java.util.Optional;

/// One page of a listing of versions.
///
/// @param versions in byte order of their keys, those of a key the newest first
/// @param commonPrefixes in byte order
/// @param next where the next page begins; empty where there is none
public record VersionsPage<V>(
    List<Item<V>> versions, List<String> commonPrefixes, Optional<Marker> next) {

  /// A version in a page.
  ///
  /// @param latest whether it is what is current under its key
  /// @param value empty for a delete marker
  public record Item<V>(String key, String versionId, boolean latest, Optional<V> value) {}

  /// Where a page begins: after a common prefix, or after a version of a key.
  public record Marker(String key, Optional<String> versionId) {}

  /// Copies the lists.
  public VersionsPage {
    versions = List.copyOf(versions);
    commonPrefixes = List.copyOf(commonPrefixes);
  }
}
