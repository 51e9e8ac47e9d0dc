package skarb.cli.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import skarb.cli.bench.client.AccessKey;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;

/// A server in a process of its own, which ends with this one: it stops when its standard input
/// ends. Not for several threads.
public final class ServerProcess implements AutoCloseable {
  private static final long STOP_SECONDS = 60;

  private final Process process;
  private final Path log;
  private final InetSocketAddress s3;
  private final InetSocketAddress grpc;

  private ServerProcess(Process process, Path log, InetSocketAddress s3, InetSocketAddress grpc) {
    this.process = process;
    this.log = log;
    this.s3 = s3;
    this.grpc = grpc;
  }

  /// A whole store.
  ///
  /// @param folder empty; takes the store and the server's log
  /// @param key ensured at the start
  /// @param javaOptions for its JVM, after those of this one but for the heap's
  public static ServerProcess store(Path folder, AccessKey key, List<String> javaOptions)
      throws IOException {
    return start(folder, key, javaOptions, List.of("--data", folder.resolve("data").toString()));
  }

  /// One that keeps nothing.
  ///
  /// @param size bytes of every object
  public static ServerProcess nothing(Path folder, long size, List<String> javaOptions)
      throws IOException {
    return start(
        folder,
        new AccessKey("none", "none"),
        javaOptions,
        List.of("--null", "--size", Long.toString(size)));
  }

  private static ServerProcess start(
      Path folder, AccessKey key, List<String> javaOptions, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ownOptions());
    command.addAll(javaOptions);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "skarb.cli.Main", "bench", "serve"));
    command.addAll(arguments);
    Path log = folder.resolve("server.log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().put("SKARB_ACCESS_KEY", key.id());
    builder.environment().put("SKARB_SECRET_KEY", key.secret());
    Process process = builder.start();
    try {
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      return new ServerProcess(process, log, address(lines, log), address(lines, log));
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /// Its flags are this JVM's, but the heap is its own.
  private static List<String> ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Xm"))
        .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
        .toList();
  }

  private static InetSocketAddress address(BufferedReader lines, Path log) throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new CommandFailedException("the server did not start: " + lastLine(log));
    }
    try {
      return HostPort.parse(line).resolve();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("the server did not start: " + line);
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  /// Where S3 listens.
  public InetSocketAddress s3Address() {
    return s3;
  }

  /// Where gRPC listens.
  public InetSocketAddress grpcAddress() {
    return grpc;
  }

  /// What it has computed so far; negative where the system does not tell.
  public long cpuNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(-1L);
  }

  /// The most memory that it had at a time, in bytes, as Linux tells.
  public Optional<Long> peakResidentBytes() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException | UncheckedIOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Stops it and waits.
  ///
  /// @throws CommandFailedException where it had ended before, or ended badly
  @Override
  public void close() throws IOException {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new CommandFailedException("the server did not stop");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (process.exitValue() != 0) {
      throw new CommandFailedException(
          "the server ended with " + process.exitValue() + ": " + lastLine(log));
    }
  }
}
