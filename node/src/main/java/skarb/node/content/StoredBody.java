package skarb.node.content;

import com.google.protobuf.ByteString;
import java.util.List;
import skarb.node.disk.EncodedChunk;
import skarb.node.segment.Pin;
import skarb.v1.Checksums;
import skarb.v1.Manifest;

/// A body whose bytes are safe, ready to be committed: its chunks are durable, or among
/// [#journaled], which must ride in the journal beside the entry that names them.
///
/// Closing it lets the chunks go, and the memory of what is journaled: once the row that names them
/// was applied, or certainly never will be. It neither blocks for long nor throws, and twice is
/// once; any thread may.
///
/// @param manifest for the row
/// @param md5 16 bytes, the entity tag
/// @param checksums to store and to return: those that were asked for or promised, else CRC64NVME;
///   MD5 is not among them
/// @param size bytes of the body
/// @param pins on all chunks of the body, those of its manifest's tree included
/// @param journaled the body itself, if it is small
/// @param onClose gives back what is held; idempotent
public record StoredBody(
    Manifest manifest,
    ByteString md5,
    Checksums checksums,
    long size,
    List<Pin> pins,
    List<EncodedChunk> journaled,
    Runnable onClose)
    implements AutoCloseable {
  public StoredBody {
    pins = List.copyOf(pins);
    journaled = List.copyOf(journaled);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
