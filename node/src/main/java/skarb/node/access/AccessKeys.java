package skarb.node.access;

import java.util.List;
import java.util.Optional;

/// The access keys as they are now. Safe for any thread; never cached, so that a key that is
/// disabled stops with the next call.
public interface AccessKeys {

  /// A key by its id; empty where there is none.
  Optional<StoredKey> find(String accessKeyId);

  /// Keys in the order of their ids' bytes.
  ///
  /// @param after only ids above this one; empty: from the first
  /// @param limit the most keys
  List<StoredKey> list(String after, int limit);
}
