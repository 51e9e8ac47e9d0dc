package skarb.node.service;

import java.util.Map;
import java.util.regex.Pattern;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Version ids as callers name them: opaque, but for `null`.
final class VersionIds {
  /// The id of the null version.
  static final String NULL = "null";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  private VersionIds() {}

  /// An id, if it can be one.
  ///
  /// @throws NodeException INVALID_VERSION_ID
  static String check(String id) {
    if (!FORM.matcher(id).matches()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_VERSION_ID,
          "not a version id",
          Map.of("version_id", id));
    }
    return id;
  }
}
