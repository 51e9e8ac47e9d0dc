package skarb.node.disk;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// CRC-32C, as every format here uses it.
public final class Checksums {
  private Checksums() {}

  /// The CRC-32C of what lies between position and limit of the buffers, which stay as they are.
  public static int crc32c(ByteBuffer... parts) {
    CRC32C crc = new CRC32C();
    for (ByteBuffer part : parts) {
      crc.update(part.duplicate());
    }
    return (int) crc.getValue();
  }

  /// Eight hex digits, for messages.
  public static String hex(int crc) {
    return HexFormat.of().toHexDigits(crc);
  }
}
