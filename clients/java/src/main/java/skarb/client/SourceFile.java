package skarb.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/// A file on its way up, which must stay as it was when it was opened. Safe for any thread.
final class SourceFile implements Closeable {
  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final FileTime modified;

  private SourceFile(Path path, FileChannel channel, long size, FileTime modified) {
    this.path = path;
    this.channel = channel;
    this.size = size;
    this.modified = modified;
  }

  static SourceFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new SourceFile(path, channel, channel.size(), attributes(path).lastModifiedTime());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class);
  }

  /// Bytes, when it was opened.
  long size() {
    return size;
  }

  /// Reads exactly so many bytes.
  ///
  /// @throws SkarbException BODY_CHANGED if it has become shorter
  ByteString read(long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw changed();
      }
    }
    return UnsafeByteOperations.unsafeWrap(buffer.array());
  }

  /// Called after the last byte of a body was read and before that body is said to be whole. Of
  /// several bodies that make one object, the check that comes last speaks for all.
  ///
  /// A file that the system makes up may say that it is empty, and have bytes.
  ///
  /// @throws SkarbException BODY_CHANGED if its size or its time of modification is another
  void requireUnchanged() throws IOException {
    BasicFileAttributes now = attributes(path);
    if (now.size() != size
        || !now.lastModifiedTime().equals(modified)
        || channel.read(ByteBuffer.allocate(1), size) > 0) {
      throw changed();
    }
  }

  private static SkarbException changed() {
    return SkarbException.local(
        Reason.BODY_CHANGED,
        StatusCode.INVALID_ARGUMENT,
        "the file changed while it was read, and is not stored");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
