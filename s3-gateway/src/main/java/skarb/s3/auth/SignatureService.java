package skarb.s3.auth;

/// Says whether signatures are right. Implementations may be called by many threads at once, and
/// may block.
public interface SignatureService {

  /// Judges one signature.
  ///
  /// @throws skarb.s3.error.S3Exception where no judgement can be had, for example
  ///   ServiceUnavailable
  Verdict verify(Claim claim);

  /// A signature to judge.
  ///
  /// @param accessKeyId the key that is said to have signed
  /// @param scope day, region and service
  /// @param stringToSign what was signed
  /// @param signature 64 lower case hex digits
  record Claim(String accessKeyId, CredentialScope scope, String stringToSign, String signature) {
    private static final int SIGNATURE_DIGITS = 64;

    /// Whether the signature can be one at all.
    boolean isPlausible() {
      return signature.length() == SIGNATURE_DIGITS
          && signature.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
  }

  /// What became of a claim.
  sealed interface Verdict {
    /// The signature is right.
    ///
    /// @param principal whose it is
    /// @param signingKey signs for the claim's scope
    record Verified(Principal principal, SigningKey signingKey) implements Verdict {}

    /// Another signature would be right.
    record Mismatch() implements Verdict {}

    /// There is no such key, or it is disabled.
    record NoSuchKey() implements Verdict {}
  }
}
