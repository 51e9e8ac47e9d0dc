package skarb.cli.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import skarb.cli.bench.BenchSettings.Api;
import skarb.cli.bench.BenchSettings.Targets;
import skarb.cli.bench.client.AccessKey;
import skarb.cli.bench.client.Clients;
import skarb.cli.bench.client.GrpcClients;
import skarb.cli.bench.client.S3Clients;
import skarb.cli.bench.load.LoadRun;
import skarb.cli.bench.load.Measurement;
import skarb.cli.bench.load.Plan.Kind;
import skarb.cli.bench.report.DiskProbe;
import skarb.cli.bench.report.Provenance;
import skarb.cli.bench.report.Report;
import skarb.cli.bench.server.ServerProcess;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;

/// One benchmark: the servers of its own that it needs, the load on each, and the report. One
/// server runs at a time.
final class BenchRun {
  private final BenchSettings settings;
  private final Consumer<String> progress;
  private final Map<String, Object> provenance = new LinkedHashMap<>();

  /// @param progress takes lines for people
  BenchRun(BenchSettings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /// Runs it.
  Report run() throws IOException {
    provenance.putAll(Provenance.ofMachine());
    Optional<Measurement> server =
        settings.targets() == Targets.NOTHING ? Optional.empty() : Optional.of(server());
    Optional<Measurement> nothing =
        settings.targets() == Targets.SERVER ? Optional.empty() : Optional.of(nothing());
    return new Report(
        settings.plan().kind().name().toLowerCase(Locale.ROOT),
        settings.api().name().toLowerCase(Locale.ROOT),
        settings.parameters(),
        server,
        nothing,
        provenance);
  }

  private Measurement server() throws IOException {
    return settings.given().isPresent() ? given(settings.given().get()) : own();
  }

  private Measurement given(HostPort hostPort) throws IOException {
    provenance.put("server", "given, " + hostPort.host() + ":" + hostPort.port());
    provenance.put("durability", "as the server has it");
    InetSocketAddress address;
    try {
      address = hostPort.resolve();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(e.getMessage() == null ? "no such host" : e.getMessage());
    }
    return load(address, settings.key().orElseThrow(), () -> -1, !settings.keep());
  }

  private Measurement own() throws IOException {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    AccessKey key = new AccessKey("skarb-bench", HexFormat.of().formatHex(secret));
    try (TemporaryFolder folder = TemporaryFolder.make(settings.data())) {
      provenance.put("server", "its own, in a process of its own, new and empty");
      provenance.put("server_java_options", String.join(" ", settings.serverJavaOptions()));
      provenance.put("durability", "every write forced before its answer");
      provenance.put("file_system", Provenance.fileSystem(folder.path()));
      if (settings.plan().kind() != Kind.GET && settings.plan().kind() != Kind.LIST) {
        probeDisk(folder.path());
      }
      try (ServerProcess process =
          ServerProcess.store(folder.path(), key, settings.serverJavaOptions())) {
        Measurement measured = load(address(process), key, process::cpuNanos, false);
        process
            .peakResidentBytes()
            .ifPresent(bytes -> provenance.put("server_peak_resident_bytes", bytes));
        return measured;
      }
    }
  }

  private void probeDisk(Path folder) throws IOException {
    DiskProbe disk = DiskProbe.of(folder);
    provenance.put("disk_force_ms", Math.round(disk.forceMillis() * 1000) / 1000.0);
    provenance.put("disk_write_mb_per_second", Math.round(disk.writeBytesPerSecond() / 1e6));
  }

  private Measurement nothing() throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.make(Optional.empty());
        ServerProcess process =
            ServerProcess.nothing(
                folder.path(), settings.plan().size(), settings.serverJavaOptions())) {
      return load(address(process), new AccessKey("none", "none"), process::cpuNanos, false);
    }
  }

  private InetSocketAddress address(ServerProcess process) {
    return settings.api() == Api.S3 ? process.s3Address() : process.grpcAddress();
  }

  private Measurement load(
      InetSocketAddress address, AccessKey key, LongSupplier serverCpuNanos, boolean cleanUp)
      throws IOException {
    try (Clients clients = clients(address, key);
        LoadRun run = new LoadRun(settings.plan(), clients, serverCpuNanos)) {
      provenance.put("client", clients.description());
      if (settings.plan().kind() != Kind.PUT && settings.plan().kind() != Kind.MULTIPART) {
        progress.accept("making " + settings.plan().objects() + " objects");
      }
      run.prepare();
      Measurement measured = run.measure();
      if (cleanUp) {
        run.cleanUp();
      }
      return measured;
    }
  }

  private Clients clients(InetSocketAddress address, AccessKey key) {
    return switch (settings.api()) {
      case S3 ->
          new S3Clients(
              address,
              HostPort.text(address),
              key,
              settings.region(),
              settings.bucket(),
              settings.payload());
      case GRPC ->
          new GrpcClients(
              address, settings.connections(), key, settings.region(), settings.bucket());
    };
  }
}
