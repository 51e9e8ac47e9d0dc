package skarb.node.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// A store: 128 random bits given when its data directory is made, written into every file, so that
/// a file which strayed in from another store is told apart. Never leaves the machine.
///
/// @param high bits 64 to 127
/// @param low bits 0 to 63
public record StoreId(long high, long low) {
  /// Bytes of an id.
  public static final int BYTES = 16;

  /// A new one.
  public static StoreId random(RandomGenerator random) {
    return new StoreId(random.nextLong(), random.nextLong());
  }

  /// From 16 bytes.
  ///
  /// @throws IllegalArgumentException for another length
  public static StoreId of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("not a store's id: " + bytes.length + " bytes");
    }
    return readFrom(ByteBuffer.wrap(bytes));
  }

  /// The next 16 bytes of a buffer.
  public static StoreId readFrom(ByteBuffer buffer) {
    return new StoreId(buffer.getLong(), buffer.getLong());
  }

  /// Puts its 16 bytes into a buffer.
  public void writeTo(ByteBuffer buffer) {
    buffer.putLong(high).putLong(low);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
