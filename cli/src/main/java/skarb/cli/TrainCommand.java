package skarb.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;

/// `skarb train`: starts a store in a temporary folder, sends it a few requests and stops it, so
/// that the JDK can note in its AOT cache which classes a start needs. Part of the build; of no use
/// to anybody else.
@Command(name = "train", hidden = true, description = "Exercise a start for the AOT cache.")
final class TrainCommand implements Callable<Integer> {

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("skarb-train");
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      ServerConfig config =
          new ServerConfig(
              folder.resolve("data"),
              "train",
              any,
              any,
              Optional.empty(),
              "us-east-1",
              Optional.of(new KeyPair("train-access-key", "train-secret-key")));
      SkarbServer server = SkarbServer.start(config, line -> {});
      TrainingRequests.run(server);
      TrainingCommands.run(folder);
      server.stop(Duration.ofSeconds(5));
    } finally {
      deleteAll(folder);
    }
    return 0;
  }

  private static void deleteAll(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
