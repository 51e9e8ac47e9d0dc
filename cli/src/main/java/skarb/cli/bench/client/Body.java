package skarb.cli.bench.client;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// The bytes of one object or part, handed out in pieces of at most 1 MiB. The pieces lie in one
/// buffer of the worker's own, so a body is used up before the next one is made.
public final class Body {
  private final ByteBuffer block;
  private final long id;
  private final long size;

  Body(ByteBuffer block, long id, long size) {
    this.block = block;
    this.id = id;
    this.size = size;
  }

  /// Bytes in all.
  public long size() {
    return size;
  }

  /// How many pieces there are.
  public int pieces() {
    return block.capacity() == 0
        ? 0
        : Math.toIntExact((size + block.capacity() - 1) / block.capacity());
  }

  /// One piece. Valid until the next call.
  ///
  /// @param number from 0
  public ByteBuffer piece(int number) {
    int length = (int) Math.min(block.capacity(), size - (long) number * block.capacity());
    if (length >= 2 * Long.BYTES) {
      block.putLong(0, id);
      block.putLong(Long.BYTES, number);
    } else {
      for (int i = 0; i < length; i++) {
        block.put(i, (byte) (id >>> (8 * (i % Long.BYTES))));
      }
    }
    return block.slice(0, length);
  }

  /// CRC-32C of all of it.
  public int crc32c() {
    CRC32C crc = new CRC32C();
    for (int i = 0; i < pieces(); i++) {
      crc.update(piece(i));
    }
    return (int) crc.getValue();
  }

  /// SHA-256 of all of it, in hex.
  String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < pieces(); i++) {
        digest.update(piece(i));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
