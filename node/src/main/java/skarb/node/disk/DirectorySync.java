package skarb.node.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Makes a directory's names durable: files made, renamed or deleted in it.
public final class DirectorySync {
  private DirectorySync() {}

  /// Forces a directory. Like a failed force of a file, a failure is final: whoever made the change
  /// cannot know what of it survives.
  public static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new IOException(directory + ": force of the directory failed: " + e, e);
    }
  }
}
