package skarb.s3.auth;

/// What the chunk signatures of one streamed body build on: the request's own signature and how it
/// was made.
///
/// @param accessKeyId the key, for the answer to a wrong signature
/// @param timestamp the request's time as `yyyyMMdd'T'HHmmss'Z'`
/// @param scope the credential scope
/// @param seedSignature the request's signature, 64 hex digits
/// @param signingKey the key that signs; prints nothing of itself
public record SignatureChain(
    String accessKeyId,
    String timestamp,
    CredentialScope scope,
    String seedSignature,
    SigningKey signingKey) {}
