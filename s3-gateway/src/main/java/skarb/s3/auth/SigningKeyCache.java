package skarb.s3.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Signing keys that the node gave, kept for at most 30 seconds, so that most requests are judged
/// without asking it. Safe for many threads.
///
/// A signature that fails against a kept key is put to the node before it is called wrong: the
/// secret may have been changed in the meantime. The other way round, a key that was changed or
/// disabled still passes here until its entry is old; the node sees by the generation that goes
/// with every call and refuses, so that the cache saves work and decides nothing.
public final class SigningKeyCache implements SignatureService {
  private static final Duration MAX_AGE = Duration.ofSeconds(30);

  private final SignatureService node;
  private final InstantSource clock;
  private final int maxEntries;
  private final ReentrantLock lock = new ReentrantLock();

  /// The least recently used first.
  @GuardedBy("lock")
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Key(String accessKeyId, CredentialScope scope) {}

  private record Entry(Verdict.Verified verified, Instant asked) {}

  /// A cache.
  ///
  /// @param node asked for what is not known
  /// @param clock measures how old entries are
  /// @param maxEntries the most keys that are kept; the least recently used go first
  public SigningKeyCache(SignatureService node, InstantSource clock, int maxEntries) {
    if (maxEntries < 1) {
      throw new IllegalArgumentException("maxEntries: " + maxEntries);
    }
    this.node = node;
    this.clock = clock;
    this.maxEntries = maxEntries;
  }

  @Override
  public Verdict verify(Claim claim) {
    Key key = new Key(claim.accessKeyId(), claim.scope());
    Instant now = clock.instant();
    Optional<Verdict.Verified> kept = find(key, now);
    if (kept.isPresent() && matches(claim, kept.get().signingKey())) {
      return kept.get();
    }
    // Outside the lock, since it blocks. Two threads may ask at once; both get the truth.
    Verdict verdict = node.verify(claim);
    switch (verdict) {
      case Verdict.Verified verified -> keep(key, new Entry(verified, now));
      case Verdict.Mismatch() -> {}
      case Verdict.NoSuchKey() -> forget(claim.accessKeyId());
    }
    return verdict;
  }

  /// Drops what is kept of an access key.
  public void forget(String accessKeyId) {
    lock.lock();
    try {
      entries.keySet().removeIf(key -> key.accessKeyId().equals(accessKeyId));
    } finally {
      lock.unlock();
    }
  }

  /// How many entries there are, old ones included.
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Verdict.Verified> find(Key key, Instant now) {
    lock.lock();
    try {
      Entry entry = entries.get(key);
      if (entry == null) {
        return Optional.empty();
      }
      Duration age = Duration.between(entry.asked(), now);
      // A clock that went back says nothing about an entry's age.
      if (age.isNegative() || age.compareTo(MAX_AGE) >= 0) {
        entries.remove(key);
        return Optional.empty();
      }
      return Optional.of(entry.verified());
    } finally {
      lock.unlock();
    }
  }

  private void keep(Key key, Entry entry) {
    lock.lock();
    try {
      entries.put(key, entry);
      if (entries.size() > maxEntries) {
        entries.remove(entries.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean matches(Claim claim, SigningKey key) {
    return MessageDigest.isEqual(
        key.sign(claim.stringToSign()).getBytes(StandardCharsets.ISO_8859_1),
        claim.signature().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return "SigningKeyCache[" + size() + " entries]";
  }
}
