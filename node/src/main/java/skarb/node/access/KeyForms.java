package skarb.node.access;

import java.util.regex.Pattern;

/// What the parts of an access key look like.
public final class KeyForms {
  /// Ids: 3 to 128 letters, digits and `-_.=`.
  public static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Za-z0-9\\-_.=]{3,128}");

  /// Secrets: 8 to 256 printable characters of ASCII.
  public static final Pattern SECRET = Pattern.compile("[ -~]{8,256}");

  private KeyForms() {}
}
