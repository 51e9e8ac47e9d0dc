package skarb.cli.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.cli.output.CommandFailedException;

/// The secret that somebody chose for a new key: in a file, on standard input, or in
/// `SKARB_NEW_SECRET_KEY`. Never the value of an option, which shows in the list of processes.
public final class NewSecret {
  private static final String STANDARD_INPUT = "-";
  private static final int MAX_BYTES = 4096;

  private NewSecret() {}

  /// The secret; empty where nobody chose one.
  ///
  /// @param file where it is, `-` for `input`; null: the environment is asked
  /// @throws CommandFailedException where the file cannot be read or holds none
  public static Optional<String> of(
      @Nullable String file, Map<String, String> environment, InputStream input) {
    if (file == null) {
      return Optional.of(environment.getOrDefault("SKARB_NEW_SECRET_KEY", ""))
          .filter(secret -> !secret.isEmpty());
    }
    String name = file.equals(STANDARD_INPUT) ? "standard input" : file;
    try (InputStream in =
        file.equals(STANDARD_INPUT) ? input : Files.newInputStream(Path.of(file))) {
      String secret = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip();
      if (secret.isEmpty()) {
        throw new CommandFailedException(name + " holds no secret");
      }
      return Optional.of(secret);
    } catch (NoSuchFileException e) {
      throw new CommandFailedException("there is no file " + name);
    } catch (IOException e) {
      throw new CommandFailedException(name + " cannot be read: " + e.getMessage());
    }
  }
}
