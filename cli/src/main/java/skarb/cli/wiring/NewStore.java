package skarb.cli.wiring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.node.StorageConfig;

/// A store that was made and not served.
///
/// @param siteName its site's name
/// @param siteId its site's id
/// @param key its first key
public record NewStore(String siteName, String siteId, FirstKey key) {

  /// Makes a store where there is none, or completes one that has no key yet: that of a start that
  /// went no further.
  ///
  /// @param siteName empty: made up
  /// @throws CommandFailedException where there is one already, which is left as it is; where no
  ///   store would take the key, and then none is made
  public static NewStore make(Path data, String siteName, Optional<KeyPair> environmentKey)
      throws IOException {
    FirstKey.check(environmentKey);
    if (NodeConnection.runningServer(data) != null) {
      throw alreadyThere(data);
    }
    SystemSeams seams = SystemSeams.start();
    try (Node node =
        Node.open(
            new NodeConfig(data, siteName, Optional.empty(), StorageConfig.standard()),
            seams.seams(),
            line -> {})) {
      if (FirstKey.isThereAny(node)) {
        throw alreadyThere(data);
      }
      return new NewStore(
          node.siteName(), node.siteId().toString(), FirstKey.ensure(node, environmentKey));
    } finally {
      seams.close();
    }
  }

  private static CommandFailedException alreadyThere(Path data) {
    return new CommandFailedException(
        "there is a store in " + data + " already; it is left as it is");
  }
}
