package skarb.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.ServerConfig.KeyPair;

/// The access key that the environment brings: `SKARB_ACCESS_KEY`, and its secret in
/// `SKARB_SECRET_KEY` or in the file that `SKARB_SECRET_KEY_FILE` names. Secrets are never options:
/// those show in the list of processes.
public final class EnvironmentKey {
  private EnvironmentKey() {}

  /// The key; empty where the environment brings none.
  ///
  /// @throws CommandFailedException for half a key, or a file that cannot be read
  public static Optional<KeyPair> of(Map<String, String> environment) {
    String accessKey = environment.getOrDefault("SKARB_ACCESS_KEY", "");
    String secretKey = environment.getOrDefault("SKARB_SECRET_KEY", "");
    String secretFile = environment.getOrDefault("SKARB_SECRET_KEY_FILE", "");
    if (secretKey.isEmpty() && !secretFile.isEmpty()) {
      try {
        secretKey = Files.readString(Path.of(secretFile)).strip();
      } catch (IOException e) {
        throw new CommandFailedException("SKARB_SECRET_KEY_FILE cannot be read: " + secretFile);
      }
    }
    if (accessKey.isEmpty() != secretKey.isEmpty()) {
      throw new CommandFailedException("SKARB_ACCESS_KEY and SKARB_SECRET_KEY go together");
    }
    return accessKey.isEmpty() ? Optional.empty() : Optional.of(new KeyPair(accessKey, secretKey));
  }
}
