package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import skarb.node.model.ChunkId;

/// All checksums of a body in one pass over its bytes, and the SHA-256 of each of its chunks.
///
/// A small body is hashed where it is. In a larger one each slow digest (MD5, SHA-1, CRC64NVME, the
/// SHA-256 of the whole) runs on threads of its own, so that the slowest sets the pace and not
/// their sum: a digest takes the pieces in order, each by a task that follows the one before it.
/// The SHA-256 of the chunk and the fast CRCs stay on the caller's thread.
///
/// The SHA-256 of the whole costs nothing for a body of one chunk, being the chunk's; for a longer
/// one it goes on from a copy of the first chunk's. Where chunks need no names, since the body is
/// stored already, it is a slow digest like the others.
///
/// One thread at a time.
final class DigestPipeline {
  /// Pieces are handed to the other threads in batches of about this size.
  private static final int BATCH_BYTES = 256 << 10;

  private final Executor executor;
  private final long parallelBytes;
  private final boolean namesChunks;

  /// Whether the SHA-256 of the whole comes from that of the chunks.
  private final boolean wholeSha256;

  private final Map<BodyChecksum, Lane> lanes = new EnumMap<>(BodyChecksum.class);
  private final Map<BodyChecksum, Checksum> fast = new EnumMap<>(BodyChecksum.class);
  private final MessageDigest chunkSha256 = messageDigest("SHA-256");
  private @Nullable ChunkId firstChunk;
  private long size;
  private List<ByteBuffer> batch = new ArrayList<>();
  private int batchBytes;

  /// For a body that comes: names its chunks.
  ///
  /// @param wanted what to compute
  /// @param executor runs tasks that compute
  /// @param parallelBytes up to so many bytes all is done on the caller's thread
  DigestPipeline(Set<BodyChecksum> wanted, Executor executor, long parallelBytes) {
    this(wanted, executor, parallelBytes, true);
  }

  /// For a body that is stored: [#endChunk] is not called.
  static DigestPipeline ofStored(Set<BodyChecksum> wanted, Executor executor, long parallelBytes) {
    return new DigestPipeline(wanted, executor, parallelBytes, false);
  }

  private DigestPipeline(
      Set<BodyChecksum> wanted, Executor executor, long parallelBytes, boolean namesChunks) {
    this.executor = executor;
    this.parallelBytes = parallelBytes;
    this.namesChunks = namesChunks;
    this.wholeSha256 = namesChunks && wanted.contains(BodyChecksum.SHA256);
    for (BodyChecksum kind : wanted) {
      switch (kind) {
        case MD5 -> lanes.put(kind, new Lane(new DigestHash(messageDigest("MD5"))));
        case SHA1 -> lanes.put(kind, new Lane(new DigestHash(messageDigest("SHA-1"))));
        case CRC64NVME -> lanes.put(kind, new Lane(new CrcHash(new Crc64Nvme(), Long.BYTES)));
        case CRC32 -> fast.put(kind, new CRC32());
        case CRC32C -> fast.put(kind, new CRC32C());
        case SHA256 -> {
          if (!namesChunks) { // else see endChunk
            lanes.put(kind, new Lane(new DigestHash(messageDigest("SHA-256"))));
          }
        }
      }
    }
  }

  /// Bytes so far.
  long size() {
    return size;
  }

  /// Takes the next bytes.
  ///
  /// @param piece with an array; not changed by anybody until [#consumed]
  void update(ByteBuffer piece) {
    size += piece.remaining();
    if (namesChunks) {
      update(chunkSha256, piece);
    }
    for (Checksum crc : fast.values()) {
      crc.update(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
    }
    if (size <= parallelBytes) {
      lanes.values().forEach(lane -> lane.hash.update(piece));
      return;
    }
    batch.add(piece);
    batchBytes += piece.remaining();
    if (batchBytes >= BATCH_BYTES) {
      dispatch();
    }
  }

  /// Ends a chunk of at least one byte.
  ///
  /// @return its name
  ChunkId endChunk() {
    boolean first = firstChunk == null;
    if (first && wholeSha256) {
      dispatch(); // what was gathered is in the copy already
      lanes.put(BodyChecksum.SHA256, new Lane(new DigestHash(copy(chunkSha256))));
    }
    ChunkId id = ChunkId.of(chunkSha256.digest());
    if (first) {
      firstChunk = id;
    }
    return id;
  }

  /// Done when no digest needs the bytes any more that were given so far.
  CompletableFuture<Void> consumed() {
    dispatch();
    return CompletableFuture.allOf(
        lanes.values().stream().map(lane -> lane.done).toArray(CompletableFuture[]::new));
  }

  /// The checksums. The last chunk was ended.
  Map<BodyChecksum, ByteString> finish() {
    consumed().join();
    Map<BodyChecksum, ByteString> values = new EnumMap<>(BodyChecksum.class);
    lanes.forEach((kind, lane) -> values.put(kind, wrap(lane.hash.value())));
    fast.forEach((kind, crc) -> values.put(kind, wrap(bigEndian(crc.getValue(), Integer.BYTES))));
    if (wholeSha256 && firstChunk == null) {
      values.put(BodyChecksum.SHA256, wrap(chunkSha256.digest())); // of nothing
    }
    return values;
  }

  private void dispatch() {
    if (batch.isEmpty()) {
      return;
    }
    List<ByteBuffer> pieces = batch;
    batch = new ArrayList<>();
    batchBytes = 0;
    for (Lane lane : lanes.values()) {
      lane.done = lane.done.thenRunAsync(() -> pieces.forEach(lane.hash::update), executor);
    }
  }

  private static void update(MessageDigest digest, ByteBuffer piece) {
    digest.update(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
  }

  static MessageDigest messageDigest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static byte[] bigEndian(long value, int bytes) {
    byte[] result = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      result[i] = (byte) (value >>> (8 * (bytes - 1 - i)));
    }
    return result;
  }

  /// A slow digest: `done` ends after the last piece that was handed to it.
  private static final class Lane {
    final Hash hash;
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);

    Lane(Hash hash) {
      this.hash = hash;
    }
  }

  private sealed interface Hash {
    void update(ByteBuffer piece);

    byte[] value();
  }

  private record DigestHash(MessageDigest digest) implements Hash {
    @Override
    public void update(ByteBuffer piece) {
      DigestPipeline.update(digest, piece);
    }

    @Override
    public byte[] value() {
      return digest.digest();
    }
  }

  private record CrcHash(Checksum crc, int bytes) implements Hash {
    @Override
    public void update(ByteBuffer piece) {
      crc.update(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
    }

    @Override
    public byte[] value() {
      return bigEndian(crc.getValue(), bytes);
    }
  }
}
