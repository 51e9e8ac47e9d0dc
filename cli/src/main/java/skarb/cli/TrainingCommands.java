package skarb.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import skarb.cli.output.CommandFailedException;

/// The commands of a training run, against the server that it has: those that people wait for.
final class TrainingCommands {
  private TrainingCommands() {}

  /// @param folder has the store in `data`
  static void run(Path folder) throws IOException {
    String data = folder.resolve("data").toString();
    Path file = Files.writeString(folder.resolve("file"), "train");
    Path copy = folder.resolve("copy");
    command("status", "--data", data);
    command("keys", "list", "--data", data, "--json");
    command("buckets", "create", "train", "--data", data);
    command("cp", file.toString(), "s3://train/a/file", "--data", data);
    command("cp", "s3://train/a/file", copy.toString(), "--data", data);
    command("ls", "--data", data);
    command("ls", "s3://train", "--data", data, "--json");
    command("ls", "s3://train", "--recursive", "--data", data);
    command("rm", "--recursive", "s3://train", "--data", data);
  }

  private static void command(String... line) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    int exitCode = Main.commandLine().setOut(nowhere).setErr(nowhere).execute(line);
    if (exitCode != 0) {
      throw new CommandFailedException("training: " + String.join(" ", line) + " failed");
    }
  }
}
