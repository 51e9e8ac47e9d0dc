package skarb.node.segment;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// Where second copies of chunks lie, of those few that have one: somebody put a chunk again since
/// its first copy was found damaged, and a start, which reads no chunk, cannot tell which of the
/// two is the good one. It is asked when a read finds out.
///
/// Only so many are kept in memory; of more duplicates than that, the rest are not known. Nothing
/// is lost by that but the second try.
///
/// Not thread-safe: [ChunkStore] guards it by its lock.
final class SpareCopies {
  /// The most that are kept: about 10 MB.
  static final int MOST = 1 << 16;

  private final int most;
  private final Map<ChunkId, ChunkPlace> places = new HashMap<>();

  /// @param most how many are kept
  SpareCopies(int most) {
    this.most = most;
  }

  /// Notes a copy, in place of one that was noted before.
  void put(ChunkId id, ChunkPlace place) {
    if (places.size() < most || places.containsKey(id)) {
      places.put(id, place);
    }
  }

  /// A chunk's second copy.
  Optional<ChunkPlace> find(ChunkId id) {
    return Optional.ofNullable(places.get(id));
  }

  /// Takes a chunk's second copy out; null if there is none.
  @Nullable ChunkPlace remove(ChunkId id) {
    return places.remove(id);
  }
}
