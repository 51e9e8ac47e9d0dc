package skarb.node.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// The secrets of a node, as they lie in its data directory: `node.key`, `realm-keys` and
/// `operator-token`.
///
/// For a store that is made now they are made, in this order, each durable before the next. For one
/// that exists, a missing `node.key` or `realm-keys` is an error and never made anew: no secret
/// that was sealed under the old ones would ever open again. The operator's token is made anew
/// wherever it is missing.
///
/// @param nodeKey the node's key
/// @param realmKeys the realm's keys
/// @param operatorToken lets an operator on this machine in
public record NodeSecrets(NodeKey nodeKey, RealmKeys realmKeys, OperatorToken operatorToken) {

  /// Reads them, or makes them.
  ///
  /// @param directory the data directory, held by this process
  /// @param storeIsNew whether nothing was ever written to the store: it has no journal yet
  /// @param random cryptographically strong
  /// @throws KeyFileException if one cannot be used; the message says what to do
  /// @throws skarb.node.disk.CorruptFileException if one is damaged
  public static NodeSecrets open(Path directory, boolean storeIsNew, RandomGenerator random)
      throws IOException {
    Path nodeFile = directory.resolve(NodeKey.FILE_NAME);
    Path realmFile = directory.resolve(RealmKeys.FILE_NAME);
    NodeKey nodeKey;
    if (Files.exists(nodeFile)) {
      nodeKey = NodeKey.read(nodeFile);
    } else {
      mustBeNew(nodeFile, storeIsNew && !Files.exists(realmFile));
      nodeKey = NodeKey.create(random);
      nodeKey.write(nodeFile);
    }
    RealmKeys realmKeys;
    if (Files.exists(realmFile)) {
      realmKeys = RealmKeys.read(realmFile, nodeKey);
    } else {
      mustBeNew(realmFile, storeIsNew);
      realmKeys = RealmKeys.create(random);
      realmKeys.write(realmFile, nodeKey, random);
    }
    return new NodeSecrets(
        nodeKey, realmKeys, OperatorToken.open(directory.resolve(OperatorToken.FILE_NAME), random));
  }

  /// Names the realm to its sites: 16 bytes.
  public byte[] realmId() {
    return realmKeys.realmId();
  }

  private static void mustBeNew(Path file, boolean isNew) throws KeyFileException {
    if (!isNew) {
      throw new KeyFileException(
          file,
          "is missing, and without it no access key's secret opens: restore it from a backup");
    }
  }
}
