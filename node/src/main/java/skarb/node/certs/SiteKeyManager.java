package skarb.node.certs;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows a site's certificate in handshakes: the one that is current when a handshake begins. The
/// alias of a pair is its fingerprint; the last pair stays known, for a handshake that was under
/// way when it was replaced.
final class SiteKeyManager extends X509ExtendedKeyManager {
  private final Supplier<Shown> source;
  private volatile @Nullable Shown last;
  private volatile @Nullable Shown before;

  /// @param source asked with each handshake
  SiteKeyManager(Supplier<Shown> source) {
    this.source = source;
  }

  /// What is shown.
  ///
  /// @param alias its fingerprint
  record Shown(String alias, X509Certificate[] chain, PrivateKey key) {
    static Shown of(X509Certificate[] chain, PrivateKey key) {
      return new Shown(SiteNames.fingerprint(chain[0]), chain, key);
    }

    static Shown of(Credentials credentials) {
      return of(credentials.shown(), credentials.key());
    }

    @Override
    public String toString() {
      return "Shown[" + alias + "]";
    }
  }

  private String choose() {
    Shown now = source.get();
    Shown known = last;
    if (known == null || !known.alias().equals(now.alias())) {
      before = known;
      last = now;
    }
    return now.alias();
  }

  private @Nullable Shown find(String alias) {
    Shown[] known = {last, before};
    for (Shown each : known) {
      if (each != null && each.alias().equals(alias)) {
        return each;
      }
    }
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Shown found = find(alias);
    return found == null ? null : found.chain();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Shown found = find(alias);
    return found == null ? null : found.key();
  }

  private @Nullable String chooseFor(String... keyTypes) {
    String alias = choose();
    PrivateKey key = getPrivateKey(alias);
    for (String type : keyTypes) {
      if (key != null && (type.equals(key.getAlgorithm()) || type.startsWith(key.getAlgorithm()))) {
        return alias;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseFor(keyTypes);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseFor(keyType);
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chooseFor(keyTypes);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chooseFor(keyType);
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    String alias = chooseFor(keyType);
    return alias == null ? null : new String[] {alias};
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return getClientAliases(keyType, issuers);
  }
}
