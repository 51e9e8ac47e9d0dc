package skarb.s3.auth;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;

/// AWS Signature Version 4, in the Authorization header ([SigV4Headers]) or in the query
/// ([SigV4Query]). Safe for many threads.
///
/// A request goes through these steps, and the first that fails answers:
///
/// 1. one set of credentials, or none: then it is anonymous;
/// 2. they can be read, their scope and time fit together, and the time is near ours;
/// 3. `x-amz-content-sha256` is there and makes sense;
/// 4. host and every `x-amz-*` header are signed, for what is not signed could have been added on
///    the way;
/// 5. the signature is right, by the cache or by the node.
public final class SigV4Authenticator implements Authenticator {
  private static final String HOST = "host";
  private static final String AUTHORIZATION = "authorization";
  private static final String SESSION_TOKEN = "x-amz-security-token";

  /// Headers that those who use a presigned URL may add: none changes what is done.
  private static final List<String> FREE_WHEN_PRESIGNED =
      List.of(PayloadHeader.NAME, "x-amz-date", "x-amz-user-agent");

  private final SigningKeyCache signatures;
  private final InstantSource clock;
  private final SigV4Headers inHeaders;
  private final SigV4Query inQuery;

  /// An authenticator.
  ///
  /// @param signatures judges signatures
  /// @param clock what requests' times are compared with
  /// @param requiredRegion the only region that scopes may name; empty: any will do
  public SigV4Authenticator(
      SigningKeyCache signatures, InstantSource clock, Optional<String> requiredRegion) {
    this.signatures = signatures;
    this.clock = clock;
    this.inHeaders = new SigV4Headers(requiredRegion);
    this.inQuery = new SigV4Query(requiredRegion);
  }

  @Override
  public Authentication authenticate(RequestHead head) {
    QueryParameters query = QueryParameters.parse(head.rawQuery());
    List<String> authorization = head.headers().getOrDefault(AUTHORIZATION, List.of());
    boolean presigned = SigV4Query.isIn(query);
    boolean version2 = SigV4Query.isVersion2In(query);
    if (authorization.size() > 1 || (!authorization.isEmpty() && (presigned || version2))) {
      throw new S3Exception(
          S3Error.INVALID_ARGUMENT,
          "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature"
              + " query string parameter or the Authorization header should be specified",
          Map.of("ArgumentName", "Authorization"),
          Map.of());
    }
    Instant now = clock.instant();
    if (!authorization.isEmpty()) {
      SignedRequest request = inHeaders.read(head, authorization.getFirst(), now);
      refuseToken(head.header(SESSION_TOKEN));
      return verify(head, query, request, List.of());
    }
    if (presigned) {
      SignedRequest request = inQuery.read(head, query, now);
      refuseToken(query.first(SigV4Query.SECURITY_TOKEN).or(() -> head.header(SESSION_TOKEN)));
      return verify(head, query, request, FREE_WHEN_PRESIGNED);
    }
    if (version2) {
      throw new S3Exception(S3Error.INVALID_REQUEST, SigV4Headers.NOT_SUPPORTED);
    }
    String payload = head.header(PayloadHeader.NAME).orElse(PayloadHeader.UNSIGNED).strip();
    return new Authentication.Anonymous(PayloadHeader.read(head, payload).anonymous());
  }

  @Override
  public void forget(String accessKeyId) {
    signatures.forget(accessKeyId);
  }

  /// Keys here are for good: a token belongs to another store, or to another time.
  private static void refuseToken(Optional<String> token) {
    if (token.isPresent() && !token.get().isBlank()) {
      throw new S3Exception(S3Error.INVALID_TOKEN);
    }
  }

  private Authentication verify(
      RequestHead head, QueryParameters query, SignedRequest request, List<String> free) {
    checkSigned(head, request.signedHeaders(), free);
    CanonicalRequest canonical =
        CanonicalRequest.of(head, query, request.signedHeaders(), request.payload());
    Credential credential = request.credential();
    String stringToSign =
        new StringToSign(request.timestamp(), credential.scope(), canonical.hash()).text();
    SignatureService.Claim claim =
        new SignatureService.Claim(
            credential.accessKeyId(), credential.scope(), stringToSign, request.signature());
    if (!claim.isPlausible()) {
      throw mismatch(claim, canonical);
    }
    return switch (signatures.verify(claim)) {
      case SignatureService.Verdict.Verified(Principal principal, SigningKey key) -> {
        SignatureChain chain =
            new SignatureChain(
                claim.accessKeyId(), request.timestamp(), claim.scope(), claim.signature(), key);
        yield new Authentication.Signed(principal, request.framing().signed(chain));
      }
      case SignatureService.Verdict.Mismatch() -> throw mismatch(claim, canonical);
      case SignatureService.Verdict.NoSuchKey() ->
          throw new S3Exception(
              S3Error.INVALID_ACCESS_KEY_ID,
              S3Error.INVALID_ACCESS_KEY_ID.message(),
              Map.of("AWSAccessKeyId", claim.accessKeyId()),
              Map.of());
    };
  }

  private static void checkSigned(
      RequestHead head, SortedSet<String> signedHeaders, List<String> free) {
    SortedSet<String> missing = new TreeSet<>();
    for (String name : head.headers().keySet()) {
      if (name.startsWith("x-amz-") && !signedHeaders.contains(name) && !free.contains(name)) {
        missing.add(name);
      }
    }
    if (!signedHeaders.contains(HOST)) {
      missing.add(HOST);
    }
    if (!missing.isEmpty()) {
      throw new S3Exception(
          S3Error.ACCESS_DENIED,
          "There were headers present in the request which were not signed",
          Map.of("HeadersNotSigned", String.join(", ", missing)),
          Map.of());
    }
  }

  private static S3Exception mismatch(SignatureService.Claim claim, CanonicalRequest canonical) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("AWSAccessKeyId", claim.accessKeyId());
    details.put("StringToSign", claim.stringToSign());
    details.put("SignatureProvided", Shown.shortened(claim.signature()));
    details.put("CanonicalRequest", Shown.lines(canonical.text()));
    return new S3Exception(
        S3Error.SIGNATURE_DOES_NOT_MATCH,
        S3Error.SIGNATURE_DOES_NOT_MATCH.message(),
        details,
        Map.of());
  }
}
