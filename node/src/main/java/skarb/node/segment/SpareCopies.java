package skarb.node.segment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// Where the further copies of chunks lie, of those few that have any: somebody put a chunk again
/// since its copy was found damaged, and a start, which reads no chunk, cannot tell which of them
/// is the good one. They are asked when a read finds out.
///
/// Only so many are kept in memory; of more duplicates than that, the rest are not known. Nothing
/// is lost by that but the further tries.
///
/// Not thread-safe: [ChunkStore] guards it by its lock.
final class SpareCopies {
  /// The most that are kept: about 10 MB.
  static final int MOST = 1 << 16;

  private final int most;
  private final Map<ChunkId, List<ChunkPlace>> places = new HashMap<>();
  private int count;

  /// @param most how many are kept
  SpareCopies(int most) {
    this.most = most;
  }

  /// Notes a copy, unless it is noted.
  void put(ChunkId id, ChunkPlace place) {
    if (count < most && !of(id).contains(place)) {
      places.computeIfAbsent(id, chunk -> new ArrayList<>(1)).add(place);
      count++;
    }
  }

  /// A chunk's further copies, in the order in which they were noted.
  List<ChunkPlace> of(ChunkId id) {
    return places.getOrDefault(id, List.of());
  }

  /// Takes out the copy of a chunk that was noted last; null if there is none.
  @Nullable ChunkPlace removeLast(ChunkId id) {
    List<ChunkPlace> copies = of(id);
    if (copies.isEmpty()) {
      return null;
    }
    ChunkPlace last = copies.getLast();
    remove(id, last);
    return last;
  }

  /// Forgets a copy, if it is noted.
  void remove(ChunkId id, ChunkPlace place) {
    List<ChunkPlace> copies = of(id);
    if (copies.contains(place)) {
      copies.remove(place);
      count--;
      if (copies.isEmpty()) {
        places.remove(id);
      }
    }
  }

  /// Forgets a chunk's further copies.
  void removeAll(ChunkId id) {
    List<ChunkPlace> copies = places.remove(id);
    count -= copies == null ? 0 : copies.size();
  }
}
