package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An application's tests in a JVM of their own, on a class path with gRPC, Netty, protobuf and
/// Guava of years ago: compiled against those, run with those.
class IsolationTest {
  private static final Path SOURCES = Path.of("src/test/resources/old");

  @TempDir private Path folder;
  private List<String> classPath = List.of();

  @BeforeEach
  void compile() throws IOException {
    classPath = new ArrayList<>(ForkedTests.extensionAndJunit());
    try (Stream<Path> old = Files.list(Path.of(System.getProperty("skarb.junit.old")))) {
      old.map(Path::toString).forEach(classPath::add);
    }
    classPath.add(folder.toString());
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
                String.join(File.pathSeparator, classPath),
                "-d",
                folder.toString(),
                SOURCES.resolve("OldLibrariesTest.java").toString(),
                SOURCES.resolve("RunTests.java").toString());
    assertThat(exit).as("%s", problems.toString(StandardCharsets.UTF_8)).isZero();
  }

  @Test
  void serverRunsBesideOldLibraries() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path loaded = folder.resolve("loaded");
    ForkedTests.Outcome outcome =
        ForkedTests.java(
            ForkedTests.ownJdk(),
            List.of(
                "-Djava.io.tmpdir=" + temporary,
                "-Xlog:class+load:file=" + loaded,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"),
            classPath,
            "RunTests",
            "OldLibrariesTest");
    assertThat(outcome.output()).contains("succeeded: 1").doesNotContain("WARN");
    assertThat(outcome.exit()).isZero();
    assertThat(temporary).isEmptyDirectory();
    assertStartIsLean(loaded);
  }

  /// Most of a first start is loading classes. Those of Bouncy Castle come from a signed jar, which
  /// is verified as a whole: a server that no other site comes to needs none of them.
  private static void assertStartIsLean(Path log) throws IOException {
    List<String> loaded;
    try (Stream<String> lines = Files.lines(log)) {
      loaded = lines.filter(line -> line.contains("/skarb-junit-classes-")).toList();
    }
    assertThat(loaded).hasSizeBetween(1_500, 3_500);
    assertThat(loaded).noneMatch(line -> line.contains(" org.bouncycastle."));
  }

  @Test
  void jdk17IsToldThatTheServerNeedsANewerOne() throws Exception {
    String jdk = System.getenv("SKARB_JDK17");
    assumeThat(jdk).as("SKARB_JDK17 names the folder of a JDK 17").isNotNull();
    ForkedTests.Outcome outcome =
        ForkedTests.java(Path.of(jdk), List.of(), classPath, "RunTests", "OldLibrariesTest");
    assertThat(outcome.output())
        .contains("Skarb's server needs Java 25 or later, and these tests run on Java 17")
        .contains("succeeded: 0");
  }
}
