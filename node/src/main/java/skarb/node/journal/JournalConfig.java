package skarb.node.journal;

/// How the journal lays out its files.
///
/// @param fileBytes bytes of a file, a multiple of 4,096 and at least 16,384. A batch that does not
///   fit gets a file as large as it needs
/// @param prepareAhead whether a thread makes the next file once the current one is half full. If
///   not, the committer makes it when it is needed
public record JournalConfig(long fileBytes, boolean prepareAhead) {
  /// 64 MiB, prepared ahead.
  public static final JournalConfig DEFAULT = new JournalConfig(64L << 20, true);

  /// Checks the limits.
  public JournalConfig {
    if (fileBytes < 4 * JournalFormat.PAGE_BYTES || fileBytes % JournalFormat.PAGE_BYTES != 0) {
      throw new IllegalArgumentException(
          "a journal's file has a multiple of 4096 bytes, 16384 at least, not " + fileBytes);
    }
  }
}
