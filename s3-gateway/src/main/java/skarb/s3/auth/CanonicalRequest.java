package skarb.s3.auth;

import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import skarb.s3.route.RequestHead;

/// A request as its signature sees it, made from the raw request target so that nothing which a
/// server does to a path changes it.
///
/// ```
/// PUT
/// /bucket/a%20key
/// partNumber=1&uploadId=x
/// host:localhost
/// x-amz-date:20130524T000000Z
///
/// host;x-amz-date
/// UNSIGNED-PAYLOAD
/// ```
///
/// @param text all of it; one char per byte as far as headers go, since S3 signs bytes
public record CanonicalRequest(String text) {

  /// The canonical form of a request.
  ///
  /// @param signedHeaders the headers that count, in lower case
  /// @param payload the last line: a hash of the body or one of S3's words for none
  /// @throws skarb.s3.error.S3Exception InvalidURI for a broken percent escape
  public static CanonicalRequest of(
      RequestHead head, SortedSet<String> signedHeaders, String payload) {
    return of(head, QueryParameters.parse(head.rawQuery()), signedHeaders, payload);
  }

  static CanonicalRequest of(
      RequestHead head, QueryParameters query, SortedSet<String> signedHeaders, String payload) {
    StringBuilder text = new StringBuilder(512);
    text.append(head.method()).append('\n');
    text.append(UriEncoding.canonicalPath(head.rawPath())).append('\n');
    text.append(query.canonical()).append('\n');
    for (String name : signedHeaders) {
      text.append(name).append(':').append(joined(head.headers().get(name))).append('\n');
    }
    text.append('\n').append(String.join(";", signedHeaders)).append('\n').append(payload);
    return new CanonicalRequest(text.toString());
  }

  /// SHA-256 of the text, in hex.
  public String hash() {
    return Sha256.hex(bytes());
  }

  /// Header values hold one char per byte, as they came; text beyond that is taken as UTF-8.
  private byte[] bytes() {
    return HeaderBytes.of(text);
  }

  private static String joined(@Nullable List<String> values) {
    return values == null
        ? ""
        : values.stream().map(CanonicalRequest::collapsed).collect(Collectors.joining(","));
  }

  /// Without blanks at the ends, and with one where there were many.
  private static String collapsed(String value) {
    StringBuilder collapsed = new StringBuilder(value.length());
    boolean blank = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t') {
        blank = !collapsed.isEmpty();
        continue;
      }
      if (blank) {
        collapsed.append(' ');
        blank = false;
      }
      collapsed.append(c);
    }
    return collapsed.toString();
  }
}
