package skarb.node.model;

import com.google.protobuf.ByteString;
import java.util.Map;
import skarb.v1.ErrorReason;

/// The key of an object: 1 to 1,024 bytes of UTF-8, opaque and ordered as unsigned bytes. Slashes,
/// dots and control characters are bytes like any other; a key never becomes a file name.
///
/// @param bytes its UTF-8
public record ObjectKey(ByteString bytes) implements Comparable<ObjectKey> {
  /// The most bytes.
  public static final int MAX_BYTES = 1024;

  /// @throws NodeException KEY_TOO_LONG, or INVALID_ARGUMENT for an empty key or one that is not
  ///   UTF-8
  public ObjectKey {
    if (bytes.size() > MAX_BYTES) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_KEY_TOO_LONG,
          "the key is over " + MAX_BYTES + " bytes",
          Map.of("size", Integer.toString(bytes.size()), "max_size", Integer.toString(MAX_BYTES)));
    }
    if (bytes.isEmpty() || !bytes.isValidUtf8()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          bytes.isEmpty() ? "the key is empty" : "the key is not UTF-8",
          Map.of("field", "key"));
    }
  }

  /// From text.
  ///
  /// @throws NodeException KEY_TOO_LONG, or INVALID_ARGUMENT for an empty key
  public static ObjectKey of(String key) {
    return new ObjectKey(ByteString.copyFromUtf8(key));
  }

  /// As text.
  public String text() {
    return bytes.toStringUtf8();
  }

  @Override
  public int compareTo(ObjectKey other) {
    return ByteString.unsignedLexicographicalComparator().compare(bytes, other.bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
