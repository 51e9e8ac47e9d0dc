package skarb.junit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Another JVM, with the built jar of the extension, JUnit, and what else an application has on its
/// class path.
final class ForkedTests {
  private ForkedTests() {}

  /// The built jar and JUnit's.
  static List<String> extensionAndJunit() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Stream<String> junit =
        Arrays.stream(all.split(File.pathSeparator, -1))
            .filter(entry -> entry.matches(".*/(junit|opentest4j|apiguardian)[^/]*\\.jar"));
    return Stream.concat(Stream.of(System.getProperty("skarb.junit.jar")), junit).toList();
  }

  /// What a program printed and how it ended.
  record Outcome(int exit, String output) {}

  /// Runs a class's main method.
  static Outcome java(Path jdk, List<String> options, List<String> classPath, String... command)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(jdk.resolve("bin").resolve("java").toString()));
    line.addAll(options);
    line.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  /// The JDK of these tests.
  static Path ownJdk() {
    return Path.of(System.getProperty("java.home"));
  }
}
