package skarb.node.access;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Seals what only this node may read, for one use: AES-256-GCM under a key derived from the
/// node's. Sealed bytes are a nonce of 12 bytes, the ciphertext and a tag of 16. Safe for any
/// thread; its text shows nothing.
public final class NodeBox {
  private final byte[] key;
  private final String use;
  private final RandomGenerator random;

  /// @param use names what it is for: what was sealed for another use does not open
  /// @param random cryptographically strong, and safe for any thread
  public NodeBox(NodeKey nodeKey, String use, RandomGenerator random) {
    this.key = nodeKey.derive(use);
    this.use = use;
    this.random = random;
  }

  /// Seals bytes.
  public byte[] seal(byte[] plain) {
    byte[] nonce = Aead.newNonce(random);
    byte[] sealed = Aead.seal(key, nonce, use, plain);
    byte[] all = new byte[nonce.length + sealed.length];
    System.arraycopy(nonce, 0, all, 0, nonce.length);
    System.arraycopy(sealed, 0, all, nonce.length, sealed.length);
    return all;
  }

  /// Opens them.
  ///
  /// @return empty where they were sealed elsewhere, or for another use
  public Optional<byte[]> open(byte[] sealed) {
    if (sealed.length < Aead.NONCE_BYTES) {
      return Optional.empty();
    }
    byte[] nonce = Arrays.copyOf(sealed, Aead.NONCE_BYTES);
    byte[] rest = Arrays.copyOfRange(sealed, Aead.NONCE_BYTES, sealed.length);
    return Aead.open(key, nonce, use, rest);
  }

  @Override
  public String toString() {
    return "NodeBox[hidden]";
  }
}
