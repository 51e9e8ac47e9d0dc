package skarb.s3.headers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// What the value of a header says. Heads hold one character for each byte, since signatures are
/// made over bytes; whatever is kept for people is read from here.
public final class HeaderText {
  private HeaderText() {}

  /// The text of a value: UTF-8 where its bytes are that, which most clients that send others than
  /// ASCII mean, else ISO-8859-1.
  ///
  /// @param value one character for each byte
  public static String decode(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) > 0x7F) {
        return decodeBytes(value);
      }
    }
    return value;
  }

  private static String decodeBytes(String value) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      return value;
    }
  }
}
