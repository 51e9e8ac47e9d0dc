package skarb.node.model;

import com.google.protobuf.ByteString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The name of a chunk: the SHA-256 of its bytes, as four big-endian words. Ordered as unsigned
/// bytes.
///
/// @param word0 bytes 0 to 7
/// @param word1 bytes 8 to 15
/// @param word2 bytes 16 to 23
/// @param word3 bytes 24 to 31
public record ChunkId(long word0, long word1, long word2, long word3)
    implements Comparable<ChunkId> {
  /// Bytes of a name.
  public static final int BYTES = 32;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// From 32 bytes.
  ///
  /// @throws IllegalArgumentException for another length
  public static ChunkId of(byte[] sha256) {
    if (sha256.length != BYTES) {
      throw new IllegalArgumentException("not a SHA-256: " + sha256.length + " bytes");
    }
    return new ChunkId(
        (long) LONG.get(sha256, 0),
        (long) LONG.get(sha256, 8),
        (long) LONG.get(sha256, 16),
        (long) LONG.get(sha256, 24));
  }

  /// From 32 bytes.
  ///
  /// @throws IllegalArgumentException for another length
  public static ChunkId of(ByteString sha256) {
    return of(sha256.toByteArray());
  }

  /// The name of some content.
  ///
  /// @param content its bytes in order, between position and limit of each buffer; they stay as
  ///   they are
  public static ChunkId ofContent(Iterable<ByteBuffer> content) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      content.forEach(bytes -> sha256.update(bytes.duplicate()));
      return of(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The next 32 bytes of a buffer.
  public static ChunkId readFrom(ByteBuffer buffer) {
    byte[] bytes = new byte[BYTES];
    buffer.get(bytes);
    return of(bytes);
  }

  /// Its 32 bytes.
  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    LONG.set(bytes, 0, word0);
    LONG.set(bytes, 8, word1);
    LONG.set(bytes, 16, word2);
    LONG.set(bytes, 24, word3);
    return bytes;
  }

  @Override
  public int compareTo(ChunkId other) {
    int order = Long.compareUnsigned(word0, other.word0);
    order = order != 0 ? order : Long.compareUnsigned(word1, other.word1);
    order = order != 0 ? order : Long.compareUnsigned(word2, other.word2);
    return order != 0 ? order : Long.compareUnsigned(word3, other.word3);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(word0);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
