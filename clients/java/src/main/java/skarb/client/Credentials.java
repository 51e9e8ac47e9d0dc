package skarb.client;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// Who calls: an access key of S3, which signs each call, or a bearer token. Immutable; its text
/// tells no secret.
public abstract sealed class Credentials {
  private static final String ANY_REGION = "us-east-1";

  private Credentials() {}

  /// An access key and its secret. The secret does not leave the process.
  public static Credentials accessKey(String accessKeyId, String secretKey) {
    return new Key(accessKeyId, secretKey, ANY_REGION);
  }

  /// A token of `skarb token`, which works until its time is over.
  public static Credentials token(String token) {
    Objects.requireNonNull(token, "token");
    return new Token(() -> token);
  }

  /// Tokens from the application, which renews them.
  ///
  /// @param tokens asked at every call, on the calling thread or one of gRPC's; must be quick
  public static Credentials tokens(Supplier<String> tokens) {
    return new Token(tokens);
  }

  /// The metadata of one call, for stubs that an application generated itself: what [SkarbClient]
  /// puts on its own calls. A signature holds for this method and some minutes.
  ///
  /// @param method its full name, such as `skarb.v1.Admin/GetStatus`
  /// @param authority the host and port that the call goes to, as the channel names them
  /// @param now the time
  public abstract Map<String, String> metadata(String method, String authority, Instant now);

  /// The same for a gateway's call, which names whom it speaks for: a signature is good for no
  /// other user.
  ///
  /// @param context the bytes that the call carries in `skarb-context-bin`
  public abstract Map<String, String> metadata(
      String method, String authority, byte[] context, Instant now);

  static final class Key extends Credentials {
    private final String accessKeyId;
    private final String secretKey;
    private final String region;

    Key(String accessKeyId, String secretKey, String region) {
      this.accessKeyId = Objects.requireNonNull(accessKeyId, "accessKeyId");
      this.secretKey = Objects.requireNonNull(secretKey, "secretKey");
      this.region = region;
    }

    @Override
    public Map<String, String> metadata(String method, String authority, Instant now) {
      return metadata(SigV4.sign(this, method, authority, now));
    }

    @Override
    public Map<String, String> metadata(
        String method, String authority, byte[] context, Instant now) {
      return metadata(SigV4.sign(this, method, authority, context, now));
    }

    private static Map<String, String> metadata(SigV4.Signature signature) {
      return Map.of("x-amz-date", signature.amzDate(), "authorization", signature.authorization());
    }

    String accessKeyId() {
      return accessKeyId;
    }

    String secretKey() {
      return secretKey;
    }

    String region() {
      return region;
    }

    @Override
    public String toString() {
      return "Credentials[" + accessKeyId + "]";
    }
  }

  static final class Token extends Credentials {
    private final Supplier<String> tokens;

    Token(Supplier<String> tokens) {
      this.tokens = Objects.requireNonNull(tokens, "tokens");
    }

    @Override
    public Map<String, String> metadata(String method, String authority, Instant now) {
      return Map.of("authorization", "Bearer " + tokens.get());
    }

    @Override
    public Map<String, String> metadata(
        String method, String authority, byte[] context, Instant now) {
      return metadata(method, authority, now);
    }

    @Override
    public String toString() {
      return "Credentials[token]";
    }
  }
}
