package skarb.node.index;

import com.google.protobuf.ByteString;
import skarb.node.model.EntryOrder;

/// What a row of an object is about, read from its key.
sealed interface ObjectRowKey {

  /// The object's key.
  ByteString key();

  /// The null version.
  record Null(ByteString key) implements ObjectRowKey {}

  /// A body that lost unseen, or that it is settled.
  ///
  /// @param loser its order
  record Conflict(ByteString key, EntryOrder loser, boolean resolved) implements ObjectRowKey {}

  /// That a version was removed for good.
  record Tombstone(ByteString key, EntryOrder version) implements ObjectRowKey {}

  /// A version.
  record Version(ByteString key, EntryOrder version) implements ObjectRowKey {}
}
