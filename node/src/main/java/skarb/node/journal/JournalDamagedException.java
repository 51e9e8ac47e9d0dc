package skarb.node.journal;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The journal cannot be opened, since batches that were acknowledged are not there or not whole.
/// Nothing was changed. Names the file, the offset and the way out.
public final class JournalDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param offset from the start of the file
  /// @param problem what was expected and what was found
  /// @param cause the reading that failed, if one did
  JournalDamagedException(Path file, long offset, String problem, @Nullable Throwable cause) {
    super(
        file
            + " at "
            + offset
            + ": "
            + problem
            + ". This is damage, not the torn end that a crash leaves. Nothing was changed. The way"
            + " out: stop here, copy the folder, and put back this file as it was (from a backup"
            + " of the same store, or once the disk is mended); where that is not to be had,"
            + " restore the store from a backup or from another site.",
        cause);
  }
}
