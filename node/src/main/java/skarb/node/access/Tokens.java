package skarb.node.access;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Bearer tokens: each stands for one access key, in the generation that it had, until its time is
/// over. The node keeps no list of them: a token is `skt1_` and the base64url of
///
/// ```
///   0         12
///   +---------+---------------------------------------------------------------+
///   | nonce   | AES-256-GCM of: expiry (8, Unix milliseconds), generation (8), |
///   |         | access key id (UTF-8)                                 + tag 16 |
///   +---------+---------------------------------------------------------------+
/// ```
///
/// under the key derived from the node's for `skarb/tokens`; the associated data is
/// `skarb/token/1`. Numbers are big-endian. A token dies with any change of its key, and with the
/// node's key. Safe for any thread.
public final class Tokens {
  /// How long a token works where nothing is said.
  public static final Duration DEFAULT_TTL = Duration.ofHours(1);

  /// The longest that a token works.
  public static final Duration MAX_TTL = Duration.ofDays(7);

  private static final Duration MIN_TTL = Duration.ofSeconds(1);
  private static final String PREFIX = "skt1_";
  private static final String ASSOCIATED = "skarb/token/1";
  private static final int MAX_TOKEN_LENGTH = 512;

  private final byte[] key;
  private final InstantSource clock;
  private final RandomGenerator random;

  /// @param random cryptographically strong, and safe for any thread
  public Tokens(NodeKey nodeKey, InstantSource clock, RandomGenerator random) {
    this.key = nodeKey.derive("skarb/tokens");
    this.clock = clock;
    this.random = random;
  }

  /// A token that was made.
  ///
  /// @param text for the metadata `authorization: Bearer TEXT`
  /// @param expires when it stops working
  public record Token(String text, Instant expires) {
    @Override
    public String toString() {
      return "Token[until " + expires + "]";
    }
  }

  /// What a token says.
  ///
  /// @param accessKeyId the key that it stands for
  /// @param generation the generation that the key had
  record Claims(String accessKeyId, long generation) {}

  /// Makes a token for a key.
  ///
  /// @throws NodeException INVALID_ARGUMENT for a time below a second or above 7 days
  public Token issue(String accessKeyId, long generation, Duration ttl) {
    if (ttl.compareTo(MIN_TTL) < 0 || ttl.compareTo(MAX_TTL) > 0) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          "a token works for 1 second to 7 days",
          Map.of("field", "ttl"));
    }
    Instant expires = clock.instant().plus(ttl);
    byte[] id = accessKeyId.getBytes(StandardCharsets.UTF_8);
    ByteBuffer plain = ByteBuffer.allocate(2 * Long.BYTES + id.length);
    plain.putLong(expires.toEpochMilli()).putLong(generation).put(id);
    byte[] nonce = Aead.newNonce(random);
    byte[] sealed = Aead.seal(key, nonce, ASSOCIATED, plain.array());
    ByteBuffer token = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed);
    return new Token(
        PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(token.array()), expires);
  }

  /// What a token says, if this node made it and its time is not over. Whether the key still is as
  /// it was is for the caller to see.
  ///
  /// @throws NodeException CREDENTIALS_MALFORMED or TOKEN_EXPIRED
  Claims open(String token) {
    ByteBuffer plain = unseal(token).orElseThrow(Tokens::notOurs);
    long expiresMillis = plain.getLong();
    long generation = plain.getLong();
    String accessKeyId = StandardCharsets.UTF_8.decode(plain).toString();
    if (clock.millis() >= expiresMillis) {
      throw new NodeException(ErrorReason.ERROR_REASON_TOKEN_EXPIRED, "the token's time is over");
    }
    return new Claims(accessKeyId, generation);
  }

  private Optional<ByteBuffer> unseal(String token) {
    if (token.length() > MAX_TOKEN_LENGTH || !token.startsWith(PREFIX)) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < Aead.NONCE_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    byte[] sealed = new byte[bytes.length - Aead.NONCE_BYTES];
    ByteBuffer.wrap(bytes).get(nonce).get(sealed);
    return Aead.open(key, nonce, ASSOCIATED, sealed)
        .filter(plain -> plain.length > 2 * Long.BYTES)
        .map(ByteBuffer::wrap);
  }

  private static NodeException notOurs() {
    return new NodeException(
        ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, "the token is not one that this node made");
  }

  @Override
  public String toString() {
    return "Tokens[hidden]";
  }
}
