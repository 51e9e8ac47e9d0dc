package skarb.s3.ops;

import skarb.s3.error.S3Exception;
import skarb.s3.route.QueryParams;

/// How many entries of a listing a request asks for.
public final class PageSize {
  private static final int MOST = 1000;

  private PageSize() {}

  /// Reads a size; more than a page can hold is clamped without a word, as S3 does.
  ///
  /// @param name the query's, for example `max-parts`
  /// @return 0 to 1,000; 1,000 where nothing is asked for
  /// @throws S3Exception InvalidArgument for what is no such number
  public static int parse(QueryParams query, String name) {
    String text = query.firstOrEmpty(name);
    return text.isEmpty() ? MOST : Math.min(number(text, name), MOST);
  }

  /// Reads a number that is not negative; 0 where it is not there.
  ///
  /// @throws S3Exception InvalidArgument for what is no such number
  public static int number(QueryParams query, String name) {
    String text = query.firstOrEmpty(name);
    return text.isEmpty() ? 0 : number(text, name);
  }

  private static int number(String text, String name) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw S3Exception.invalidArgument(
        "Argument " + camelCase(name) + " must be an integer between 0 and 2147483647", name, text);
  }

  private static String camelCase(String name) {
    StringBuilder camel = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      boolean starts = i > 0 && name.charAt(i - 1) == '-';
      if (name.charAt(i) != '-') {
        camel.append(starts ? Character.toUpperCase(name.charAt(i)) : name.charAt(i));
      }
    }
    return camel.toString();
  }
}
