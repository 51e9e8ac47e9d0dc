package skarb.s3.auth;

import java.util.Map;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Whose signature a request claims to carry, for which scope.
record Credential(String accessKeyId, CredentialScope scope) {
  private static final String SERVICE = "s3";
  private static final int MAX_KEY_LENGTH = 128;
  private static final int MAX_REGION_LENGTH = 64;

  /// How a broken credential is answered: the header and the query have their own ways.
  ///
  /// @param error the code
  /// @param prefix how the message begins, with a blank at its end
  record Answers(S3Error error, String prefix) {
    static final Answers HEADER =
        new Answers(
            S3Error.AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; ");
    static final Answers QUERY =
        new Answers(
            S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
            "Error parsing the X-Amz-Credential parameter; ");

    S3Exception exception(String message) {
      return new S3Exception(error, prefix + message);
    }
  }

  /// Reads `KEY/YYYYMMDD/REGION/s3/aws4_request`.
  ///
  /// @param requiredRegion the only region that will do; empty: any
  static Credential parse(String text, Optional<String> requiredRegion, Answers answers) {
    String[] parts = text.split("/", -1);
    if (parts.length != 5
        || !isPlain(parts[0], MAX_KEY_LENGTH)
        || (!parts[2].isEmpty() && !isPlain(parts[2], MAX_REGION_LENGTH))) {
      throw answers.exception(
          "the Credential is mal-formed; expecting"
              + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
    }
    if (!parts[4].equals(CredentialScope.TERMINATOR)) {
      throw answers.exception(
          "incorrect terminal \"%s\". This endpoint uses \"aws4_request\"."
              .formatted(Shown.shortened(parts[4])));
    }
    if (!parts[3].equals(SERVICE)) {
      throw answers.exception(
          "incorrect service \"%s\". This endpoint belongs to \"s3\"."
              .formatted(Shown.shortened(parts[3])));
    }
    if (!AmzDate.isDay(parts[1])) {
      throw answers.exception(
          ("incorrect date format \"%s\". This date in the credential must be in the format"
                  + " \"yyyyMMdd\".")
              .formatted(Shown.shortened(parts[1])));
    }
    requiredRegion.ifPresent(region -> checkRegion(parts[2], region, answers));
    return new Credential(parts[0], new CredentialScope(parts[1], parts[2], parts[3]));
  }

  private static void checkRegion(String region, String required, Answers answers) {
    if (!region.equals(required)) {
      throw new S3Exception(
          answers.error(),
          answers.prefix() + "the region '%s' is wrong; expecting '%s'".formatted(region, required),
          Map.of("Region", required),
          Map.of());
    }
  }

  private static boolean isPlain(String text, int maxLength) {
    return !text.isEmpty()
        && text.length() <= maxLength
        && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
  }
}
