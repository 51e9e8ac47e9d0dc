package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Not a test: how long the extension's first start in a JVM takes, and its next ones. Five JVMs,
/// one after the other; docs/performance.md has the command and its figures.
class StartFigures {
  private static final int JVMS = 5;

  @Test
  void starts() throws Exception {
    String tests =
        Path.of(StartFigures.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    List<String> classPath =
        Stream.concat(ForkedTests.extensionAndJunit().stream(), Stream.of(tests)).toList();
    for (int i = 0; i < JVMS; i++) {
      ForkedTests.Outcome outcome =
          ForkedTests.java(
              ForkedTests.ownJdk(),
              List.of(
                  "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
              classPath,
              StartFigures.class.getName());
      assertThat(outcome.exit()).as(outcome.output()).isZero();
      System.out.print(outcome.output());
    }
  }

  public static void main(String[] args) {
    StringBuilder line = new StringBuilder("start, stop in ms:");
    for (int i = 0; i < 4; i++) {
      long began = System.nanoTime();
      RunningServer server = RunningServer.start("us-east-1", InstantSource.system());
      long serves = System.nanoTime();
      server.close();
      line.append(" %d, %d;".formatted(millis(began, serves), millis(serves, System.nanoTime())));
    }
    System.out.println(line);
  }

  private static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
