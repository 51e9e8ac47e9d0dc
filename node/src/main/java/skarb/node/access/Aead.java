package skarb.node.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM with nonces of 96 random bits and tags of 128. Safe for any thread: a cipher is made
/// for each call. Under one key at most some billions of things may be sealed before two random
/// nonces are likely to meet; keys and tokens of one store are far fewer.
final class Aead {
  /// Bytes of a nonce.
  static final int NONCE_BYTES = 12;

  /// Bytes of a tag.
  static final int TAG_BYTES = 16;

  private Aead() {}

  static byte[] newNonce(RandomGenerator random) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }

  /// @param associated what the sealed bytes belong to: they open there and nowhere else
  static byte[] seal(byte[] key, byte[] nonce, String associated, byte[] plain) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, key, nonce, associated).doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to seal", e);
    }
  }

  /// @return empty where key, nonce, associated text or bytes are not those that were sealed
  static Optional<byte[]> open(byte[] key, byte[] nonce, String associated, byte[] sealed) {
    if (nonce.length != NONCE_BYTES || sealed.length < TAG_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, key, nonce, associated).doFinal(sealed));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to open", e);
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, String associated)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(associated.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
