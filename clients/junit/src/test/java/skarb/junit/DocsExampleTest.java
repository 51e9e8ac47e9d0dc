package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/// The test class in docs/junit.md, as it stands there: compiled for Java 17, and run.
class DocsExampleTest {
  private static final Path PAGE = Path.of("../../docs/junit.md");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void exampleCompilesAndPasses() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(PAGE));
    assertThat(example.find()).isTrue();
    Path source = Files.writeString(folder.resolve("ReceiptsTest.java"), example.group(1));
    ByteArrayOutputStream problems = new ByteArrayOutputStream();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
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
                classPath,
                "-d",
                folder.toString(),
                source.toString());
    assertThat(exit).as("%s", problems.toString(StandardCharsets.UTF_8)).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Events tests =
          EngineTestKit.engine("junit-jupiter")
              .selectors(selectClass(loader.loadClass("ReceiptsTest")))
              .execute()
              .testEvents();
      assertThat(tests.failed().stream().map(Object::toString)).isEmpty();
      tests.assertStatistics(all -> all.succeeded(3));
    }
  }
}
