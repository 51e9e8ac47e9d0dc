package skarb.node.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.Entry;

/// An entry with the bytes that its origin wrote: the chain's hash covers these, never an encoding
/// made anew.
///
/// @param entry what the bytes say
/// @param bytes as they stand in the journal
public record LoggedEntry(Entry entry, ByteString bytes) {

  /// From its bytes.
  ///
  /// @throws EntryRejectedException MALFORMED
  public static LoggedEntry parse(ByteString bytes) {
    try {
      return new LoggedEntry(Entry.parseFrom(bytes), bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new EntryRejectedException(
          EntryRejectedException.Reason.MALFORMED, "not an entry: " + e.getMessage());
    }
  }

  /// Its name.
  ///
  /// @throws EntryRejectedException MALFORMED where it has none
  public EntryDot dot() {
    if (entry.getHeader().getDot().getSequence() < 1) {
      throw new EntryRejectedException(
          EntryRejectedException.Reason.MALFORMED, "an entry without a name");
    }
    return EntryDot.of(entry.getHeader().getDot());
  }

  /// Its place among all entries.
  public EntryOrder order() {
    return new EntryOrder(
        new Hlc(entry.getHeader().getHlc()), new OriginId(entry.getHeader().getDot().getOrigin()));
  }
}
