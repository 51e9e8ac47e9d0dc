package skarb.cli.bench.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import skarb.node.Node;

/// Where figures come from: without it they mean nothing to anybody else.
public final class Provenance {
  private static final String UNKNOWN = "unknown";

  private Provenance() {}

  /// Of this program, this machine and this moment.
  public static Map<String, Object> ofMachine() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("version", Node.version());
    fields.put("commit", commit());
    fields.put(
        "jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    fields.put(
        "gc",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .map(GarbageCollectorMXBean::getName)
            .collect(Collectors.joining(", ")));
    fields.put("generator_max_heap_bytes", Runtime.getRuntime().maxMemory());
    fields.put("cores", Runtime.getRuntime().availableProcessors());
    fields.put("cpu", processor());
    fields.put("memory_bytes", memory());
    fields.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    fields.put("load_average", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return fields;
  }

  /// Of the disk behind a folder: the kind of its file system, and where it is.
  public static String fileSystem(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      return store.type() + " (" + store.name() + ")";
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /// Of the checkout that this program was built in, where there is one.
  private static String commit() {
    try {
      Path at =
          Path.of(Provenance.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      while (at != null
          && !(Files.exists(at.resolve(".git")) && Files.exists(at.resolve("cli/pom.xml")))) {
        at = at.getParent();
      }
      if (at == null) {
        return UNKNOWN;
      }
      String head = git(at, "rev-parse", "HEAD").orElse(UNKNOWN);
      boolean changed =
          git(at, "status", "--porcelain", "--untracked-files=no")
              .filter(lines -> !lines.isEmpty())
              .isPresent();
      return changed ? head + " with changes" : head;
    } catch (IOException | URISyntaxException e) {
      return UNKNOWN;
    }
  }

  private static Optional<String> git(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
          ? Optional.of(output)
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : -1;
  }
}
