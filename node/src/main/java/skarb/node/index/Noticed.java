package skarb.node.index;

import com.google.protobuf.ByteString;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.Body;

/// What a join came upon and must be put on record by whoever joined, in the batch that revealed
/// it: a later batch might never come.
public sealed interface Noticed {

  /// The body of a null version lost to a write or a delete that had not seen it.
  ///
  /// @param bucket the bucket's incarnation
  /// @param loser its order
  /// @param loserDot its entry
  /// @param body what was lost
  /// @param winnerDot the entry that won
  record Lost(
      EntryDot bucket,
      ByteString key,
      EntryOrder loser,
      EntryDot loserDot,
      Body body,
      EntryDot winnerDot)
      implements Noticed {}

  /// A body that is kept since it had lost unseen was in truth replaced knowingly, by an entry that
  /// came now.
  ///
  /// @param bucket the bucket's incarnation
  /// @param loser its order
  /// @param loserDot its entry
  record Replaced(EntryDot bucket, ByteString key, EntryOrder loser, EntryDot loserDot)
      implements Noticed {}
}
