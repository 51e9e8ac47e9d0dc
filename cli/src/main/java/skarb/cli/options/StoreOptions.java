package skarb.cli.options;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import skarb.cli.wiring.StoreConnection;
import skarb.cli.wiring.StoreConnection.ActFor;
import skarb.client.ClientConfig;

/// How a command reaches objects and buckets, and whose.
public final class StoreOptions {
  @Mixin private ConnectionOptions connection;

  @Option(
      names = "--access-key",
      paramLabel = "ID",
      description = "With --data: act for this key (default: the first key).")
  private @Nullable String accessKey;

  /// Connects, with everything else as usual.
  public StoreConnection open() throws IOException {
    return open(ClientConfig.builder());
  }

  /// Connects.
  ///
  /// @param config what is not usual
  public StoreConnection open(ClientConfig.Builder config) throws IOException {
    return connection.openStore(new ActFor(Optional.ofNullable(accessKey)), config);
  }
}
