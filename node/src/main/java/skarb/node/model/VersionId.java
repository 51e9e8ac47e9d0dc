package skarb.node.model;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import skarb.v1.ErrorReason;

/// The id of a version as callers name it: `null` for the null version, else 32 lower-case hex
/// digits of the inverted stamp and origin of the entry that first wrote it. To callers it is
/// opaque, but for this: of one key's versions the newest sorts first, as text too.
public sealed interface VersionId {
  /// The null version of a key, whatever it holds.
  VersionId NULL = new Null();

  /// The null version of a key.
  record Null() implements VersionId {
    private static final String TEXT = "null";

    @Override
    public String text() {
      return TEXT;
    }
  }

  /// Another version.
  ///
  /// @param order the place of the entry that first wrote it
  record Stamped(EntryOrder order) implements VersionId {
    private static final int BYTES = 16;

    @Override
    public String text() {
      ByteBuffer bytes = ByteBuffer.allocate(BYTES);
      bytes.putLong(~order.hlc().value()).putLong(~order.origin().value());
      return HexFormat.of().formatHex(bytes.array());
    }
  }

  /// What callers write and are told.
  String text();

  /// From its text.
  ///
  /// @throws NodeException INVALID_VERSION_ID for what cannot be one
  static VersionId parse(String text) {
    if (text.equals(Null.TEXT)) {
      return NULL;
    }
    if (text.length() != 2 * Stamped.BYTES || !text.chars().allMatch(VersionId::isLowerHex)) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_VERSION_ID,
          "not a version id",
          Map.of("version_id", text));
    }
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text));
    return new Stamped(new EntryOrder(new Hlc(~bytes.getLong()), new OriginId(~bytes.getLong())));
  }

  private static boolean isLowerHex(int digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  }
}
