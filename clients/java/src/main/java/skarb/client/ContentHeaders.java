package skarb.client;

import java.util.Optional;

/// The headers of HTTP that are stored with an object and returned as they came.
///
/// @param contentType Content-Type; readers over S3 get `binary/octet-stream` where it is empty
/// @param contentEncoding Content-Encoding
/// @param contentLanguage Content-Language
/// @param contentDisposition Content-Disposition
/// @param cacheControl Cache-Control
/// @param expires Expires, as text
public record ContentHeaders(
    Optional<String> contentType,
    Optional<String> contentEncoding,
    Optional<String> contentLanguage,
    Optional<String> contentDisposition,
    Optional<String> cacheControl,
    Optional<String> expires) {
  /// None of them.
  public static ContentHeaders none() {
    return new ContentHeaders(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// Content-Type alone.
  public static ContentHeaders ofType(String contentType) {
    return none().withContentType(contentType);
  }

  /// With this Content-Type.
  public ContentHeaders withContentType(String value) {
    return new ContentHeaders(
        Optional.of(value),
        contentEncoding,
        contentLanguage,
        contentDisposition,
        cacheControl,
        expires);
  }

  /// With this Content-Encoding.
  public ContentHeaders withContentEncoding(String value) {
    return new ContentHeaders(
        contentType,
        Optional.of(value),
        contentLanguage,
        contentDisposition,
        cacheControl,
        expires);
  }

  /// With this Content-Language.
  public ContentHeaders withContentLanguage(String value) {
    return new ContentHeaders(
        contentType,
        contentEncoding,
        Optional.of(value),
        contentDisposition,
        cacheControl,
        expires);
  }

  /// With this Content-Disposition.
  public ContentHeaders withContentDisposition(String value) {
    return new ContentHeaders(
        contentType, contentEncoding, contentLanguage, Optional.of(value), cacheControl, expires);
  }

  /// With this Cache-Control.
  public ContentHeaders withCacheControl(String value) {
    return new ContentHeaders(
        contentType,
        contentEncoding,
        contentLanguage,
        contentDisposition,
        Optional.of(value),
        expires);
  }

  /// With this Expires.
  public ContentHeaders withExpires(String value) {
    return new ContentHeaders(
        contentType,
        contentEncoding,
        contentLanguage,
        contentDisposition,
        cacheControl,
        Optional.of(value));
  }
}
