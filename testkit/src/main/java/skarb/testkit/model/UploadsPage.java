package skarb.testkit.model;

import java.util.List;
import java.util.Optional;

/// A page of a bucket's open uploads.
///
/// @param uploads in order
/// @param commonPrefixes in order
/// @param next where the next page starts; empty on the last
public record UploadsPage(List<Item> uploads, List<String> commonPrefixes, Optional<Marker> next) {
  public UploadsPage {
    uploads = List.copyOf(uploads);
    commonPrefixes = List.copyOf(commonPrefixes);
  }

  /// An open upload.
  public record Item(String key, String uploadId) {}

  /// Where a page starts.
  ///
  /// @param uploadId empty after a common prefix
  public record Marker(String key, Optional<String> uploadId) {}
}
