package skarb.s3.auth;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// The credentials of a request, read and plausible, but not verified.
///
/// @param credential whose signature it claims to be
/// @param timestamp the request's time as `yyyyMMdd'T'HHmmss'Z'`
/// @param signedHeaders names in lower case
/// @param signature as it came
/// @param payload the last line of the canonical request
/// @param framing what the body is read by; differs from payload only where a presigned request has
///   an unsigned `x-amz-content-sha256`
record SignedRequest(
    Credential credential,
    String timestamp,
    SortedSet<String> signedHeaders,
    String signature,
    String payload,
    PayloadHeader framing) {
  private static final int MAX_SIGNED_HEADERS = 128;
  private static final int MAX_HEADER_NAME = 256;

  /// Reads `host;x-amz-date`. Empty where it is not a list of header names.
  static Optional<SortedSet<String>> parseSignedHeaders(String text) {
    SortedSet<String> names = new TreeSet<>();
    for (String name : List.of(text.split(";", MAX_SIGNED_HEADERS + 1))) {
      boolean isName =
          !name.isEmpty()
              && name.length() <= MAX_HEADER_NAME
              && name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':' && c != ';');
      if (!isName || !names.add(name.toLowerCase(Locale.ROOT))) {
        return Optional.empty();
      }
    }
    return names.size() > MAX_SIGNED_HEADERS ? Optional.empty() : Optional.of(names);
  }
}
