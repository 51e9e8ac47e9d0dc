package skarb.s3.auth;

/// What a signing key is good for: one day, region and service.
///
/// @param date `YYYYMMDD`
/// @param region any text without `/`; some clients leave it empty
/// @param service `s3` for requests to this gateway
public record CredentialScope(String date, String region, String service) {
  /// What every scope ends with.
  public static final String TERMINATOR = "aws4_request";

  /// As it stands in the string to sign, for example `20130524/us-east-1/s3/aws4_request`.
  public String text() {
    return date + "/" + region + "/" + service + "/" + TERMINATOR;
  }
}
