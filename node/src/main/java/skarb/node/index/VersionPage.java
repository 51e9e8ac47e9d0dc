package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import skarb.node.model.EntryOrder;

/// A page of a listing of versions.
///
/// @param entries in byte order of their names, those of one key the newest first
/// @param next where the page after this one starts; empty where nothing follows
/// @param cost what reading it took
public record VersionPage(List<Entry> entries, Optional<Position> next, ListPage.Cost cost) {
  public VersionPage {
    entries = List.copyOf(entries);
  }

  /// Whether there is a page after this one, with at least one entry.
  public boolean truncated() {
    return next.isPresent();
  }

  /// A line of the listing.
  public sealed interface Entry {
    /// Where a page starts that begins after it.
    Position position();
  }

  /// A version or a delete marker.
  ///
  /// @param latest whether it is what is current under its key
  public record VersionEntry(ByteString key, ObjectVersion version, boolean latest)
      implements Entry {
    @Override
    public Position position() {
      return new Position(key, Optional.of(version.id()));
    }
  }

  /// Keys rolled into one.
  ///
  /// @param name what they share, the delimiter included
  public record CommonPrefix(ByteString name) implements Entry {
    @Override
    public Position position() {
      return new Position(name, Optional.empty());
    }
  }

  /// Where a page starts.
  ///
  /// @param key after all names up to this one
  /// @param version but with the versions of the key itself that are older than this place among
  ///   them: the null version has one too, by its stamp, so that a page goes on at the right place
  ///   though the null version was deleted meanwhile
  public record Position(ByteString key, Optional<EntryOrder> version) {}
}
