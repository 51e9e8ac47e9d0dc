package skarb.node.service;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Page tokens: where the next page starts, in a form that callers keep and do not look into. The
/// base64url of
///
/// ```
///   0         1            5          9
///   +---------+------------+----------+---------------------------+
///   | version | CRC-32C of | CRC-32C  | position: the name after   |
///   | = 1     | what is    | of the   | which the page starts      |
///   |         | listed     | position |                            |
///   +---------+------------+----------+---------------------------+
/// ```
///
/// A token holds nothing that its caller may not see, and whoever makes one up gains nothing: it
/// says "start after", no more. The checksums catch one that was cut, or is for another listing.
final class PageTokens {
  private static final byte VERSION = 1;
  private static final int OFFSET_POSITION = 9;
  private static final int MAX_TOKEN_LENGTH = 2048;

  private PageTokens() {}

  /// A token.
  ///
  /// @param listing names what is listed: kind, bucket, prefix, delimiter
  static String encode(String listing, ByteString position) {
    ByteBuffer bytes = ByteBuffer.allocate(OFFSET_POSITION + position.size());
    bytes.put(VERSION).putInt(crc(ByteString.copyFromUtf8(listing))).putInt(crc(position));
    position.copyTo(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /// The position of a token.
  ///
  /// @throws NodeException INVALID_PAGE_TOKEN
  static ByteString decode(String listing, String token) {
    if (token.length() > MAX_TOKEN_LENGTH) {
      throw invalid();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    if (bytes.length <= OFFSET_POSITION || bytes[0] != VERSION) {
      throw invalid();
    }
    ByteBuffer fields = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    int listingCrc = fields.getInt();
    int positionCrc = fields.getInt();
    ByteString position = ByteString.copyFrom(fields);
    if (listingCrc != crc(ByteString.copyFromUtf8(listing)) || positionCrc != crc(position)) {
      throw invalid();
    }
    return position;
  }

  private static int crc(ByteString bytes) {
    CRC32C crc = new CRC32C();
    bytes.asReadOnlyByteBufferList().forEach(crc::update);
    return (int) crc.getValue();
  }

  private static NodeException invalid() {
    return new NodeException(
        ErrorReason.ERROR_REASON_INVALID_PAGE_TOKEN,
        "the page token is not one that this listing made");
  }
}
