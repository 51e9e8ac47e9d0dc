package skarb.node.access;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import skarb.v1.SealedSecret;

/// Seals the secrets of access keys for their rows, and opens them: AES-256-GCM under the current
/// realm key. What is sealed for one access key opens for no other. Safe for any thread.
public final class SecretBox {
  private final Supplier<RealmKeys> source;
  private final RandomGenerator random;

  /// @param random cryptographically strong, and safe for any thread
  public SecretBox(RealmKeys realmKeys, RandomGenerator random) {
    this(() -> realmKeys, random);
  }

  /// @param source the realm's keys as they are now: they change when the site joins a realm
  /// @param random cryptographically strong, and safe for any thread
  SecretBox(Supplier<RealmKeys> source, RandomGenerator random) {
    this.source = source;
    this.random = random;
  }

  /// Of a node whose realm may change.
  public static SecretBox of(RealmKeyring keyring, RandomGenerator random) {
    return new SecretBox(keyring::keys, random);
  }

  /// Seals a secret.
  public SealedSecret seal(String accessKeyId, String secret) {
    RealmKeys realmKeys = source.get();
    int number = realmKeys.current();
    byte[] key = realmKeys.find(number).orElseThrow();
    byte[] nonce = Aead.newNonce(random);
    byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
    byte[] sealed = Aead.seal(key, nonce, associated(accessKeyId), plain);
    return SealedSecret.newBuilder()
        .setRealmKey(number)
        .setNonce(ByteString.copyFrom(nonce))
        .setCiphertext(ByteString.copyFrom(sealed))
        .build();
  }

  /// Opens a secret.
  ///
  /// @throws SecretSealedElsewhereException if the realm key that sealed it is not here, or if it
  ///   is not this access key's
  public String open(String accessKeyId, SealedSecret sealed) {
    RealmKeys realmKeys = source.get();
    Optional<byte[]> key = realmKeys.find(sealed.getRealmKey());
    List<byte[]> former = realmKeys.former(sealed.getRealmKey());
    if (key.isEmpty() && former.isEmpty()) {
      throw new SecretSealedElsewhereException(
          "the secret of "
              + accessKeyId
              + " is sealed under realm key "
              + sealed.getRealmKey()
              + ", which this node does not have");
    }
    return Stream.concat(key.stream(), former.stream())
        .flatMap(each -> open(each, accessKeyId, sealed).stream())
        .findFirst()
        .orElseThrow(() ->
            new SecretSealedElsewhereException(
                "the secret of " + accessKeyId + " does not open: its row is not what was sealed"));
  }

  private static Optional<String> open(byte[] key, String accessKeyId, SealedSecret sealed) {
    return Aead.open(
            key,
            sealed.getNonce().toByteArray(),
            associated(accessKeyId),
            sealed.getCiphertext().toByteArray())
        .map(plain -> new String(plain, StandardCharsets.UTF_8));
  }

  /// The same secret under the realm's present key, where it is sealed under one of a former realm.
  ///
  /// @return empty where it is under the realm's own, or does not open here
  public Optional<SealedSecret> resealed(String accessKeyId, SealedSecret sealed) {
    RealmKeys realmKeys = source.get();
    if (realmKeys
        .find(sealed.getRealmKey())
        .flatMap(key -> open(key, accessKeyId, sealed))
        .isPresent()) {
      return Optional.empty();
    }
    return realmKeys.former(sealed.getRealmKey()).stream()
        .flatMap(each -> open(each, accessKeyId, sealed).stream())
        .findFirst()
        .map(secret -> seal(accessKeyId, secret));
  }

  private static String associated(String accessKeyId) {
    return "skarb/access-key/" + accessKeyId;
  }

  @Override
  public String toString() {
    return "SecretBox[hidden]";
  }
}
