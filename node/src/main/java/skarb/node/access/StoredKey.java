package skarb.node.access;

import skarb.v1.AccessKey;
import skarb.v1.UserValue;

/// An access key as its rows say.
///
/// @param accessKeyId the id that requests name
/// @param generation the stamp of the key's row, which grows with each change
/// @param key its row, the sealed secret included
/// @param user the row of the user that it stands for
public record StoredKey(String accessKeyId, long generation, AccessKey key, UserValue user) {
  /// Whom it stands for.
  public String userId() {
    return key.getUserId();
  }

  /// Whether it works.
  public boolean enabled() {
    return key.getEnabled();
  }

  @Override
  public String toString() { // the row holds the sealed secret
    return "StoredKey[" + accessKeyId + ", " + generation + "]";
  }
}
