package skarb.node.access;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// The realm's keys as they are now: they change once, when the site joins a realm. A change is
/// durable before it is seen. Safe for any thread; its text shows nothing.
public final class RealmKeyring {
  private final Path file;
  private final NodeKey nodeKey;
  private final RandomGenerator random;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile RealmKeys keys;

  /// @param directory the data directory
  /// @param random cryptographically strong
  public RealmKeyring(Path directory, NodeSecrets secrets, RandomGenerator random) {
    this.file = directory.resolve(RealmKeys.FILE_NAME);
    this.nodeKey = secrets.nodeKey();
    this.random = random;
    this.keys = secrets.realmKeys();
  }

  RealmKeys keys() {
    return keys;
  }

  /// Names the realm to its sites: 16 bytes.
  public byte[] realmId() {
    return keys.realmId();
  }

  /// The realm's keys by their numbers: for a site that joins, and for nobody else.
  public NavigableMap<Integer, byte[]> numbered() {
    return keys.numbered();
  }

  /// Whether there are keys of a realm that this site was before.
  public boolean hasFormer() {
    return keys.hasFormer();
  }

  /// Takes the keys of another realm, and keeps the present ones for what they sealed. Nothing
  /// changes where they are taken already.
  ///
  /// @throws IllegalArgumentException if they are no keys
  public void adopt(Map<Integer, byte[]> realm) throws IOException {
    changing.lock();
    try {
      RealmKeys joined = keys.joined(realm);
      if (Arrays.equals(joined.realmId(), keys.realmId())) {
        return;
      }
      joined.write(file, nodeKey, random);
      keys = joined;
    } finally {
      changing.unlock();
    }
  }

  @Override
  public String toString() {
    return "RealmKeyring[hidden]";
  }
}
