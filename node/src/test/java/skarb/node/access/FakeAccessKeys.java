package skarb.node.access;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import skarb.v1.AccessKey;
import skarb.v1.UserValue;

/// Access keys in memory. Each change gives a key a higher generation.
public final class FakeAccessKeys implements AccessKeys {
  private final TreeMap<String, StoredKey> keys = new TreeMap<>();
  private long generation;

  /// Adds or replaces a key.
  public StoredKey put(String accessKeyId, AccessKey key) {
    StoredKey stored =
        new StoredKey(
            accessKeyId,
            ++generation,
            key,
            UserValue.newBuilder().setDisplayName(key.getUserId()).build());
    keys.put(accessKeyId, stored);
    return stored;
  }

  /// Disables or enables a key.
  public StoredKey setEnabled(String accessKeyId, boolean enabled) {
    StoredKey key = find(accessKeyId).orElseThrow();
    return put(accessKeyId, key.key().toBuilder().setEnabled(enabled).build());
  }

  /// Deletes a key.
  public void delete(String accessKeyId) {
    keys.remove(accessKeyId);
  }

  @Override
  public Optional<StoredKey> find(String accessKeyId) {
    return Optional.ofNullable(keys.get(accessKeyId));
  }

  @Override
  public List<StoredKey> list(String after, int limit) {
    return keys.tailMap(after, false).values().stream().limit(limit).toList();
  }
}
