package skarb.client;

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

  static final class Key extends Credentials {
    private final String accessKeyId;
    private final String secretKey;
    private final String region;

    Key(String accessKeyId, String secretKey, String region) {
      this.accessKeyId = Objects.requireNonNull(accessKeyId, "accessKeyId");
      this.secretKey = Objects.requireNonNull(secretKey, "secretKey");
      this.region = region;
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

    String current() {
      return tokens.get();
    }

    @Override
    public String toString() {
      return "Credentials[token]";
    }
  }
}
