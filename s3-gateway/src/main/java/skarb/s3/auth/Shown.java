package skarb.s3.auth;

/// What an answer repeats of a request: nothing that an XML document could not hold.
final class Shown {
  private static final int MAX_SHORT = 64;

  private Shown() {}

  /// The beginning of a text, with `?` for what is not printable ASCII.
  static String shortened(String text) {
    return printable(text.length() <= MAX_SHORT ? text : text.substring(0, MAX_SHORT), "");
  }

  /// All of a text of several lines, with `?` for what is not printable ASCII.
  static String lines(String text) {
    return printable(text, "\n");
  }

  private static String printable(String text, String allowed) {
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      printable.append((c >= ' ' && c < 0x7F) || allowed.indexOf(c) >= 0 ? c : '?');
    }
    return printable.toString();
  }
}
