package skarb.node.access;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import skarb.v1.AccessKey;
import skarb.v1.CallContext;

/// Access control over keys in memory, a clock that is moved by hand, and seeded randomness.
public final class AccessWorld {
  public static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  public final RandomGenerator random = new Random(7);
  public final FakeAccessKeys keys = new FakeAccessKeys();
  public final NodeKey nodeKey = NodeKey.create(random);
  public final SecretBox secrets = new SecretBox(RealmKeys.create(random), random);
  public Instant now = Instant.parse("2025-01-02T03:04:05Z");
  public final InstantSource clock = () -> now;
  public final Tokens tokens = new Tokens(nodeKey, clock, random);
  public final SignatureVerifier verifier = new SignatureVerifier(keys, secrets);
  final OperatorToken operatorToken;
  public final Authorizer authorizer;

  public AccessWorld(OperatorToken operatorToken) {
    this.operatorToken = operatorToken;
    authorizer = new Authorizer(keys, new CallSignature(verifier, clock), tokens, operatorToken);
    addKey("AKUSER", "user", false);
    addKey("AKADMIN", "admin", true);
  }

  public StoredKey addKey(String accessKeyId, String userId, boolean operator) {
    return keys.put(
        accessKeyId,
        AccessKey.newBuilder()
            .setUserId(userId)
            .setSecret(secrets.seal(accessKeyId, SECRET))
            .setEnabled(true)
            .setOperator(operator)
            .build());
  }

  void addGatewayKey(String accessKeyId) {
    StoredKey _ =
        keys.put(
            accessKeyId,
            AccessKey.newBuilder()
                .setUserId(accessKeyId)
                .setSecret(secrets.seal(accessKeyId, SECRET))
                .setEnabled(true)
                .setGateway(true)
                .build());
  }

  public StoredKey key(String accessKeyId) {
    return keys.find(accessKeyId).orElseThrow();
  }

  public String tokenFor(String accessKeyId) {
    return tokens.issue(accessKeyId, key(accessKeyId).generation(), Tokens.DEFAULT_TTL).text();
  }

  /// An operator's token in a folder, as a start makes it.
  public static OperatorToken operatorToken(java.nio.file.Path directory)
      throws java.io.IOException {
    return OperatorToken.open(directory.resolve(OperatorToken.FILE_NAME), new Random(5));
  }

  /// The head of a call from elsewhere, with or without an authorization.
  static CallHead remote(String method, Optional<String> authorization) {
    return new CallHead(
        method,
        TransportIdentity.NETWORK,
        false,
        "node.example:9010",
        authorization,
        Optional.empty(),
        Optional.empty());
  }

  static CallHead loopback(String method, Optional<String> authorization) {
    return new CallHead(
        method,
        TransportIdentity.NETWORK,
        true,
        "127.0.0.1:9010",
        authorization,
        Optional.empty(),
        Optional.empty());
  }

  static CallHead inProcess(
      String method, TransportIdentity transport, Optional<CallContext> context) {
    return new CallHead(
        method, transport, true, "node", Optional.empty(), Optional.empty(), context);
  }

  public CallContext contextFor(String accessKeyId) {
    return CallContext.newBuilder()
        .setAccessKeyId(accessKeyId)
        .setKeyGeneration(key(accessKeyId).generation())
        .build();
  }

  /// Signs a call as a client does.
  static CallHead signed(
      String method, String authority, String accessKeyId, String secret, String amzDate) {
    return signed(method, authority, accessKeyId, secret, amzDate, Optional.empty());
  }

  /// Signs a call as a gateway does.
  static CallHead signed(
      String method,
      String authority,
      String accessKeyId,
      String secret,
      String amzDate,
      Optional<CallContext> context) {
    String headers = context.isPresent() ? "host;skarb-context-bin;x-amz-date" : "host;x-amz-date";
    String date = amzDate.substring(0, 8);
    String canonical =
        "POST\n/"
            + method
            + "\n\nhost:"
            + authority
            + context
                .map(passedOn ->
                    "\nskarb-context-bin:"
                        + Base64.getEncoder()
                            .withoutPadding()
                            .encodeToString(passedOn.toByteArray()))
                .orElse("")
            + "\nx-amz-date:"
            + amzDate
            + "\n\n"
            + headers
            + "\nUNSIGNED-PAYLOAD";
    String scope = date + "/us-east-1/skarb/aws4_request";
    String stringToSign =
        "AWS4-HMAC-SHA256\n"
            + amzDate
            + "\n"
            + scope
            + "\n"
            + HexFormat.of().formatHex(Hmac.hash(canonical));
    byte[] key = SigningKeys.derive(secret, date, "us-east-1", "skarb");
    String signature = HexFormat.of().formatHex(Hmac.sha256(key, stringToSign));
    return new CallHead(
        method,
        TransportIdentity.NETWORK,
        false,
        authority,
        Optional.of(
            "AWS4-HMAC-SHA256 Credential="
                + accessKeyId
                + "/"
                + scope
                + ", SignedHeaders="
                + headers
                + ", Signature="
                + signature),
        Optional.of(amzDate),
        context);
  }
}
