package skarb.client;

import java.util.OptionalInt;

/// What to list.
///
/// @param prefix only keys that begin with this; empty for all
/// @param delimiter keys that share what lies between the prefix and the first delimiter after it
///   become one entry; empty for none
/// @param startAfter only keys after this one; empty for all
/// @param pageSize the most entries of one answer, 1 to 1,000; empty: 1,000
public record ListOptions(
    String prefix, String delimiter, String startAfter, OptionalInt pageSize) {
  /// Refuses a page size that cannot be.
  public ListOptions {
    if (pageSize.isPresent() && (pageSize.getAsInt() < 1 || pageSize.getAsInt() > 1000)) {
      throw new IllegalArgumentException("a page has 1 to 1,000 entries");
    }
  }

  /// Everything.
  public static ListOptions all() {
    return new ListOptions("", "", "", OptionalInt.empty());
  }

  /// Keys that begin with this.
  public static ListOptions prefix(String prefix) {
    return all().withPrefix(prefix);
  }

  /// Keys that begin with this.
  public ListOptions withPrefix(String value) {
    return new ListOptions(value, delimiter, startAfter, pageSize);
  }

  /// Rolled up at this delimiter, mostly `/`.
  public ListOptions withDelimiter(String value) {
    return new ListOptions(prefix, value, startAfter, pageSize);
  }

  /// From after this key on.
  public ListOptions withStartAfter(String value) {
    return new ListOptions(prefix, delimiter, value, pageSize);
  }

  /// So many entries an answer.
  public ListOptions withPageSize(int value) {
    return new ListOptions(prefix, delimiter, startAfter, OptionalInt.of(value));
  }
}
