package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

/// A page of a listing.
///
/// @param entries in byte order of their names
/// @param next where the page after this one starts: the last entry's name, to be given as the
///   position; empty where nothing follows
/// @param cost what reading it took
public record ListPage(List<Entry> entries, Optional<ByteString> next, Cost cost) {
  public ListPage {
    entries = List.copyOf(entries);
  }

  /// Whether there is a page after this one, with at least one entry.
  public boolean truncated() {
    return next.isPresent();
  }

  /// A line of the listing.
  public sealed interface Entry {
    /// What it is sorted by: its key or its common prefix.
    ByteString name();
  }

  /// An object.
  ///
  /// @param key its key
  /// @param version its current version, never a delete marker
  public record ObjectEntry(ByteString key, ObjectVersion version) implements Entry {
    @Override
    public ByteString name() {
      return key;
    }
  }

  /// Keys rolled into one.
  ///
  /// @param name what they share, the delimiter included
  public record CommonPrefix(ByteString name) implements Entry {}

  /// What a page took.
  ///
  /// @param seeks how often a scan began
  /// @param rowsRead how many rows these read
  public record Cost(int seeks, long rowsRead) {}
}
