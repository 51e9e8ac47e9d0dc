package skarb.testkit.model;

/// Which page of a bucket is wanted.
///
/// @param prefix only keys that begin with it
/// @param delimiter keys with it after the prefix are rolled into common prefixes; empty for none
/// @param after only entries above it in byte order, common prefixes too: the start-after of a
///   first page, the marker of the page before for a later one
/// @param pageSize the most entries, objects and common prefixes together; above 1,000 counts as
///   1,000
public record ListQuery(
    String bucket, String prefix, String delimiter, String after, int pageSize) {
  static final int MAX_PAGE_SIZE = 1_000;

  /// The whole bucket, as far as it fits in a page.
  public static ListQuery of(String bucket) {
    return new ListQuery(bucket, "", "", "", MAX_PAGE_SIZE);
  }

  /// The same with a prefix.
  public ListQuery withPrefix(String newPrefix) {
    return new ListQuery(bucket, newPrefix, delimiter, after, pageSize);
  }

  /// The same with a delimiter.
  public ListQuery withDelimiter(String newDelimiter) {
    return new ListQuery(bucket, prefix, newDelimiter, after, pageSize);
  }

  /// The same from another place on.
  public ListQuery withAfter(String newAfter) {
    return new ListQuery(bucket, prefix, delimiter, newAfter, pageSize);
  }

  /// The same with another page size.
  public ListQuery withPageSize(int newPageSize) {
    return new ListQuery(bucket, prefix, delimiter, after, newPageSize);
  }
}
