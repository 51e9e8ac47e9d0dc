package skarb.cli.objects;

/// Names that others chose, made fit for a terminal: control characters become `\\uXXXX`, so that a
/// key neither moves the cursor nor breaks a line. JSON has names as they are.
final class Printable {
  private Printable() {}

  static String of(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.chars()
        .forEach(each -> {
          if (Character.isISOControl(each)) {
            printable.append("\\u%04x".formatted(each));
          } else {
            printable.append((char) each);
          }
        });
    return printable.toString();
  }
}
