package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/// What a server must not leave behind. Made before it starts.
final class Leftovers {
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  private final Set<Path> foldersBefore = folders();

  private static Set<Path> folders() {
    try (Stream<Path> all = Files.list(TEMPORARY)) {
      return all.filter(
              path -> {
                String name = path.getFileName() + "";
                return name.startsWith("skarb-junit-") && !name.startsWith("skarb-junit-classes-");
              })
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Checks that nothing listens, no folder is left, and soon no thread is: gRPC keeps some for a
  /// second, for the next server.
  void assertNone(List<URI> endpoints) {
    assertThat(folders()).isEqualTo(foldersBefore);
    for (URI endpoint : endpoints) {
      Assertions.assertThatThrownBy(
              () -> new Socket(endpoint.getHost(), endpoint.getPort()).close())
          .isInstanceOf(ConnectException.class);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          assertThat(threads()).isEmpty();
          assertThat(virtualThreads()).isEmpty();
        });
  }

  private static List<Thread> threads() throws IOException {
    ClassLoader server = ServerClasses.loader();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .filter(thread ->
            server.equals(thread.getContextClassLoader())
                || server.equals(thread.getClass().getClassLoader()))
        .toList();
  }

  private static List<String> virtualThreads() throws IOException {
    Path folder = Files.createTempDirectory("dump");
    Path dump = folder.resolve("threads");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
      try (Stream<String> lines = Files.lines(dump)) {
        return lines.filter(line -> line.matches("#\\d+ \"skarb-.*")).toList();
      }
    } finally {
      Folders.delete(folder);
    }
  }
}
