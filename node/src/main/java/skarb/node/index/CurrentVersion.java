package skarb.node.index;

import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.NullValue;
import skarb.v1.Row;
import skarb.v1.VersionValue;

/// Finds the current version of a key among its rows, fed in their order: the highest that is not
/// tombstoned, where the null version takes its place by its stamp. Of one thread; for one key.
final class CurrentVersion {
  private @Nullable ObjectVersion current;
  private @Nullable Row tombstone;
  private @Nullable EntryOrder tombstoned;
  private boolean decided;

  /// Looks at the next row.
  ///
  /// @return whether the rows after it cannot change anything
  boolean add(ObjectRowKey key, IndexView.RowEntry entry) {
    if (decided) {
      return true;
    }
    Row row = Rows.row(entry);
    switch (key) {
      case ObjectRowKey.Null ignored -> current = nullVersion(row);
      case ObjectRowKey.Conflict ignored -> {} // read by its own id alone
      case ObjectRowKey.Tombstone(var ignored, var version) -> {
        tombstone = row;
        tombstoned = version;
      }
      case ObjectRowKey.Version(var ignored, var version) -> addVersion(version, row);
    }
    return decided;
  }

  /// The current version, or null where there is none.
  @Nullable ObjectVersion get() {
    return current;
  }

  private void addVersion(EntryOrder version, Row row) {
    if (current != null && current.id().compareTo(version) > 0) {
      decided = true; // the null version is above this one, and so above all older ones
    } else if (!isRemoved(version, row)) {
      current = version(version, row);
      decided = true;
    }
  }

  private boolean isRemoved(EntryOrder version, Row row) {
    return tombstone != null && version.equals(tombstoned) && isRemoved(row, tombstone);
  }

  /// Whether a tombstone names the row of its version: one that was issued again has another dot.
  static boolean isRemoved(Row version, Row tombstone) {
    return tombstone.getTombstone().equals(version.getDot());
  }

  static ObjectVersion version(EntryOrder version, Row row) {
    return new ObjectVersion(Rows.dot(row), Rows.order(row), version, false, row.getVersion());
  }

  /// A body that lost unseen and is kept: a version of its own.
  static ObjectVersion conflict(EntryOrder loser, Row row) {
    return new ObjectVersion(
        EntryDot.of(row.getConflict().getLoserDot()),
        loser,
        loser,
        false,
        VersionValue.newBuilder().setBody(row.getConflict().getBody()).build());
  }

  /// The null version, or null where it is absent, or its body is a conflict, which is never
  /// current.
  static @Nullable ObjectVersion nullVersion(Row row) {
    if (row.getConflicting()) {
      return null;
    }
    NullValue value = row.getNull();
    VersionValue.Builder version = VersionValue.newBuilder();
    switch (value.getValueCase()) {
      case BODY -> version.setBody(value.getBody());
      case MARKER -> version.setMarker(value.getMarker());
      case ABSENT, VALUE_NOT_SET -> {
        return null;
      }
    }
    EntryOrder order = Rows.order(row);
    return new ObjectVersion(Rows.dot(row), order, order, true, version.build());
  }
}
