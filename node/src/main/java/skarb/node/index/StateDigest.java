package skarb.node.index;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// An incremental hash over a multiset of rows: the sum, in four lanes of 64 bits, of each row's
/// SHA-256 (AdHash, Bellare and Micciancio 1997). Adding and removing rows in any order gives the
/// same digest. It guards against faults, not against somebody who chooses the rows.
///
/// @param lane0 bytes 0 to 7
/// @param lane1 bytes 8 to 15
/// @param lane2 bytes 16 to 23
/// @param lane3 bytes 24 to 31
public record StateDigest(long lane0, long lane1, long lane2, long lane3) {
  /// No rows.
  public static final StateDigest EMPTY = new StateDigest(0, 0, 0, 0);

  /// With a row more.
  public StateDigest plus(RowKey key, byte[] value) {
    ByteBuffer hash = hash(key, value);
    return new StateDigest(
        lane0 + hash.getLong(),
        lane1 + hash.getLong(),
        lane2 + hash.getLong(),
        lane3 + hash.getLong());
  }

  /// With a row less.
  public StateDigest minus(RowKey key, byte[] value) {
    ByteBuffer hash = hash(key, value);
    return new StateDigest(
        lane0 - hash.getLong(),
        lane1 - hash.getLong(),
        lane2 - hash.getLong(),
        lane3 - hash.getLong());
  }

  private static ByteBuffer hash(RowKey key, byte[] value) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(ByteBuffer.allocate(4).putInt(key.bytes().length).flip());
      sha256.update(key.bytes());
      return ByteBuffer.wrap(sha256.digest(value));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(lane0)
        + hex.toHexDigits(lane1)
        + hex.toHexDigits(lane2)
        + hex.toHexDigits(lane3);
  }
}
