package skarb.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import skarb.cli.bench.client.AccessKey;
import skarb.cli.output.CommandFailedException;

/// Finds the key for a server that runs: a file, or the environment, where an option may name
/// another key.
final class AccessKeys {
  private AccessKeys() {}

  /// @throws CommandFailedException where there is none
  static AccessKey find(
      @Nullable String accessKey, @Nullable Path keyFile, Map<String, String> environment) {
    if (keyFile != null) {
      return ofFile(keyFile);
    }
    String id = accessKey != null ? accessKey : environment.getOrDefault("SKARB_ACCESS_KEY", "");
    String secret = environmentSecret(environment);
    if (id.isEmpty() || secret.isEmpty()) {
      throw new CommandFailedException(
          "a server that runs wants --key-file, or SKARB_ACCESS_KEY and SKARB_SECRET_KEY");
    }
    return new AccessKey(id, secret);
  }

  private static String environmentSecret(Map<String, String> environment) {
    String secret = environment.getOrDefault("SKARB_SECRET_KEY", "");
    String file = environment.getOrDefault("SKARB_SECRET_KEY_FILE", "");
    return secret.isEmpty() && !file.isEmpty() ? read(Path.of(file)).strip() : secret;
  }

  private static AccessKey ofFile(Path file) {
    String id = "";
    String secret = "";
    for (String line : read(file).lines().toList()) {
      int equals = line.indexOf('=');
      switch (equals < 0 ? "" : line.substring(0, equals).strip()) {
        case "AWS_ACCESS_KEY_ID" -> id = line.substring(equals + 1).strip();
        case "AWS_SECRET_ACCESS_KEY" -> secret = line.substring(equals + 1).strip();
        default -> {
          // Not ours.
        }
      }
    }
    if (id.isEmpty() || secret.isEmpty()) {
      throw new CommandFailedException(
          file + " does not hold AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
    return new AccessKey(id, secret);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read");
    }
  }
}
