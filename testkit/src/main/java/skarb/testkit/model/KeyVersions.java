package skarb.testkit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The versions of one key, the newest first.
final class KeyVersions<V> {
  /// A version.
  ///
  /// @param place in the order of all writes to the store
  /// @param id `null` for the null version
  /// @param value empty for a delete marker
  record Version<V>(long place, String id, Optional<V> value) {}

  private final List<Version<V>> versions;

  KeyVersions() {
    this.versions = new ArrayList<>();
  }

  KeyVersions(KeyVersions<V> other) {
    this.versions = new ArrayList<>(other.versions);
  }

  List<Version<V>> all() {
    return versions;
  }

  Optional<Version<V>> current() {
    return versions.stream().findFirst();
  }

  Optional<Version<V>> find(String id) {
    return versions.stream().filter(version -> version.id().equals(id)).findFirst();
  }

  /// Adds the newest one, in place of any with its id.
  void add(Version<V> version) {
    remove(version.id());
    versions.addFirst(version);
  }

  void remove(String id) {
    versions.removeIf(version -> version.id().equals(id));
  }
}
