package skarb.cli.wiring;

import java.io.IOException;
import java.nio.file.Files;
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

  /// Makes a store where there is none.
  ///
  /// @param siteName empty: made up
  /// @throws CommandFailedException where there is one already, which is left as it is
  public static NewStore make(Path data, String siteName, Optional<KeyPair> environmentKey)
      throws IOException {
    if (Files.exists(data.resolve("store"))) {
      throw alreadyThere(data);
    }
    SystemSeams seams = SystemSeams.start();
    try (Node node =
        Node.open(
            new NodeConfig(data, siteName, Optional.empty(), StorageConfig.standard()),
            seams.seams(),
            line -> {})) {
      FirstKey key = FirstKey.ensure(node, environmentKey);
      if (key instanceof FirstKey.Old) {
        throw alreadyThere(data); // somebody else made it since
      }
      return new NewStore(node.siteName(), node.siteId().toString(), key);
    } finally {
      seams.close();
    }
  }

  private static CommandFailedException alreadyThere(Path data) {
    return new CommandFailedException(
        "there is a store in " + data + " already; it is left as it is");
  }
}
