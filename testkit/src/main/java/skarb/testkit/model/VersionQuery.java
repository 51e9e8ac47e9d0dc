package skarb.testkit.model;

import java.util.Optional;

/// Which page of a bucket's versions is wanted.
///
/// @param prefix only keys that begin with it
/// @param delimiter as in [ListQuery]
/// @param keyMarker only what is above it in byte order; empty for all
/// @param versionIdMarker but with the versions of the marker's key that are older than this one
/// @param pageSize the most entries; above 1,000 counts as 1,000
public record VersionQuery(
    String bucket,
    String prefix,
    String delimiter,
    String keyMarker,
    Optional<String> versionIdMarker,
    int pageSize) {

  /// The whole bucket, as far as it fits in a page.
  public static VersionQuery of(String bucket) {
    return new VersionQuery(bucket, "", "", "", Optional.empty(), ListQuery.MAX_PAGE_SIZE);
  }

  /// The same with a delimiter.
  public VersionQuery withDelimiter(String newDelimiter) {
    return new VersionQuery(bucket, prefix, newDelimiter, keyMarker, versionIdMarker, pageSize);
  }

  /// The same from another place on.
  public VersionQuery withMarkers(String newKeyMarker, Optional<String> newVersionIdMarker) {
    return new VersionQuery(bucket, prefix, delimiter, newKeyMarker, newVersionIdMarker, pageSize);
  }

  /// The same with another page size.
  public VersionQuery withPageSize(int newPageSize) {
    return new VersionQuery(bucket, prefix, delimiter, keyMarker, versionIdMarker, newPageSize);
  }
}
