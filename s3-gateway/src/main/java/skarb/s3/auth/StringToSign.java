package skarb.s3.auth;

/// What the key signs for a whole request.
///
/// @param timestamp the request's time as `yyyyMMdd'T'HHmmss'Z'`
/// @param scope the credential scope
/// @param canonicalRequestHash SHA-256 of the canonical request, in hex
public record StringToSign(String timestamp, CredentialScope scope, String canonicalRequestHash) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /// Its four lines.
  public String text() {
    return String.join("\n", ALGORITHM, timestamp, scope.text(), canonicalRequestHash);
  }
}
