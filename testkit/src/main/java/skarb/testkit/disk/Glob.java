package skarb.testkit.disk;

import java.util.regex.Pattern;

/// Turns a glob into a regular expression: `*`, `**`, `?`, `[…]`, `{a,b}` and the backslash.
final class Glob {
  private Glob() {}

  static Pattern compile(String syntaxAndPattern) {
    int colon = syntaxAndPattern.indexOf(':');
    String pattern = syntaxAndPattern.substring(colon + 1);
    return switch (syntaxAndPattern.substring(0, Math.max(0, colon))) {
      case "glob" -> Pattern.compile(toRegex(pattern), Pattern.DOTALL);
      case "regex" -> Pattern.compile(pattern);
      default -> throw new UnsupportedOperationException(syntaxAndPattern);
    };
  }

  private static String toRegex(String glob) {
    StringBuilder regex = new StringBuilder();
    boolean inBraces = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> {
          boolean crosses = i + 1 < glob.length() && glob.charAt(i + 1) == '*';
          regex.append(crosses ? ".*" : "[^/]*");
          i += crosses ? 1 : 0;
        }
        case '?' -> regex.append("[^/]");
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          regex.append("(?!/)").append(glob, i, end + 1);
          i = end;
        }
        case '{' -> {
          regex.append("(?:");
          inBraces = true;
        }
        case '}' -> {
          regex.append(')');
          inBraces = false;
        }
        case ',' -> regex.append(inBraces ? "|" : ",");
        case '\\' -> regex.append(Pattern.quote(glob.substring(i + 1, ++i + 1)));
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }
}
