package skarb.node.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import skarb.node.disk.WholeFile;

/// What lets an operator on this machine in: whoever can read the file `operator-token` may
/// administer the node. 64 hex digits and a line feed, so that scripts can read it; replacing the
/// file and starting again replaces the token. It is believed from this machine only.
///
/// Immutable; its text shows nothing of it.
public final class OperatorToken {
  /// Its file in the data directory.
  public static final String FILE_NAME = "operator-token";

  private static final int TOKEN_BYTES = 32;
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  private final byte[] text;

  private OperatorToken(String text) {
    this.text = text.getBytes(StandardCharsets.US_ASCII);
  }

  /// Reads the file, or makes it where there is none.
  static OperatorToken open(Path file, RandomGenerator random) throws IOException {
    if (Files.exists(file)) {
      String text = new String(SecretFile.read(file), StandardCharsets.US_ASCII).strip();
      if (!FORM.matcher(text).matches()) {
        throw new KeyFileException(
            file, "does not hold 64 hex digits: delete it, and the next start makes a new one");
      }
      return new OperatorToken(text);
    }
    byte[] token = new byte[TOKEN_BYTES];
    random.nextBytes(token);
    String text = HexFormat.of().formatHex(token);
    WholeFile.writeSecret(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
    return new OperatorToken(text);
  }

  /// Whether a text is the token; takes as long whatever the text.
  boolean matches(String candidate) {
    return MessageDigest.isEqual(text, candidate.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether a text has the form of an operator's token.
  static boolean hasForm(String candidate) {
    return FORM.matcher(candidate).matches();
  }

  @Override
  public String toString() {
    return "OperatorToken[hidden]";
  }
}
