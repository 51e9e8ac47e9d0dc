package skarb.node.index;

import java.io.IOException;

/// An index that is being made again from the journal: empty at first, filled batch by batch from
/// the first one on, then finished. Nothing of it lasts before that; whoever starts after a crash
/// begins again.
///
/// Of one thread, reads included.
public interface IndexRebuild extends Index {

  /// Is told how far finishing is.
  @FunctionalInterface
  interface Progress {
    /// @param rows how many rows are in place
    /// @param allRows how many there will be
    void loaded(long rows, long allRows);
  }

  /// Makes an index of what was applied, with the same batch, rows and digest. This one is closed
  /// by it, whether it succeeds or not.
  ///
  /// @param progress told every few thousand rows
  Index finish(Progress progress) throws IOException;
}
