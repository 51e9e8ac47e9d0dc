package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program in the README of the Java client, as it stands there: compiled for Java 17, and run
/// on this JDK and, where the environment variable `SKARB_JDK17` names its folder, on a JDK 17.
class ReadmeExampleTest {
  private static final Path README = Path.of("../clients/java/README.md");
  private static final Pattern PROGRAM = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);

  @TempDir Path folder;
  private ClientServer server;
  private String[] arguments;

  @BeforeEach
  void compile() throws Exception {
    Matcher program = PROGRAM.matcher(Files.readString(README));
    assertThat(program.find()).isTrue();
    Path source = Files.writeString(folder.resolve("FirstSteps.java"), program.group(1));
    ByteArrayOutputStream problems = new ByteArrayOutputStream();
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                problems,
                problems,
                "--release",
                "17",
                "-proc:none",
                "-cp",
                classPath(),
                "-d",
                folder.resolve("classes").toString(),
                source.toString());
    assertThat(exit).as("%s", problems.toString(StandardCharsets.UTF_8)).isZero();
    server = new ClientServer(folder, Optional.empty());
    arguments =
        new String[] {server.uri().toString(), ClientServer.ACCESS_KEY, ClientServer.SECRET_KEY};
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static void assertDidItsSteps(String output) {
    assertThat(output)
        .contains("stored with the tag ")
        .contains("refused: PRECONDITION_FAILED, request ")
        .contains("read 3000000 bytes back")
        .contains("{colour=honey} dzień dobry")
        .contains("notes/greeting: 12 bytes");
  }

  @Test
  void runsOnThisJdk() throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.resolve("classes").toUri().toURL()})) {
      System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
      loader
          .loadClass("FirstSteps")
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } finally {
      System.setOut(before);
    }
    assertDidItsSteps(output.toString(StandardCharsets.UTF_8));
  }

  @Test
  void runsOnJdk17() throws Exception {
    String jdk = System.getenv("SKARB_JDK17");
    assumeThat(jdk).as("SKARB_JDK17 names the folder of a JDK 17").isNotNull();
    String ofApplications =
        Arrays.stream(classPath().split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("logback")) // the server's, for its own JDK
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                Path.of(jdk, "bin", "java").toString(),
                "-Dfile.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                folder.resolve("classes") + File.pathSeparator + ofApplications,
                "FirstSteps",
                arguments[0],
                arguments[1],
                arguments[2])
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertDidItsSteps(output);
  }
}
