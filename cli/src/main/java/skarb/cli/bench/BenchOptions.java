package skarb.cli.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import skarb.cli.bench.client.S3Clients.Payload;
import skarb.cli.bench.load.Plan;
import skarb.cli.bench.load.Plan.Kind;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;

/// What every load takes. Where an option is not given, its value depends on the load.
final class BenchOptions {
  private static final long MIB = 1 << 20;

  @Option(
      names = "--api",
      paramLabel = "s3|grpc",
      defaultValue = "s3",
      description = "Which interface (default: ${DEFAULT-VALUE}).")
  private BenchSettings.Api api;

  @Option(
      names = "--size",
      converter = ByteSize.class,
      description =
          "Of an object, such as 4KiB or 10MiB (default: 4KiB; list and delete 1KiB, mixed 64KiB, multipart 50MiB).")
  private @Nullable Long size;

  @Option(
      names = "--part-size",
      paramLabel = "SIZE",
      converter = ByteSize.class,
      defaultValue = "5MiB",
      description = "With multipart (default: ${DEFAULT-VALUE}).")
  private Long partSize;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Requests at once (default: 32; list, delete and multipart 8).")
  private @Nullable Integer concurrency;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Span.class,
      defaultValue = "10s",
      description = "How long to measure (default: ${DEFAULT-VALUE}).")
  private Duration duration;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Span.class,
      defaultValue = "3s",
      description =
          "Before that, unmeasured (default: ${DEFAULT-VALUE}; delete: a tenth of the objects).")
  private Duration warmup;

  @Option(
      names = "--operations",
      paramLabel = "N",
      defaultValue = "0",
      description = "End after so many operations instead, all measured.")
  private long operations;

  @Option(
      names = "--objects",
      paramLabel = "N",
      description =
          "How many to make before (default: list 10000, delete 50000, get and mixed 2500 or 512 MiB of them).")
  private @Nullable Integer objects;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "100",
      description = "Keys in a request that deletes, up to 1000 (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--payload",
      paramLabel = "auto|signed|unsigned",
      defaultValue = "auto",
      description =
          "With S3: whether bodies are signed by their SHA-256; auto: up to 1 MiB (default: ${DEFAULT-VALUE}).")
  private Payload payload;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "2",
      description = "With gRPC: how many the workers share (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(names = "--verify", description = "Compare what is read with what was put.")
  private boolean verify;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The S3 server to load, http://HOST:PORT, instead of one of its own.")
  private @Nullable String endpoint;

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "With --api grpc: the server to load, without TLS, instead of one of its own.")
  private @Nullable HostPort node;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where its own server's temporary store goes (default: the system's place for such).")
  private @Nullable Path data;

  @Option(
      names = "--server-java-opts",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "For the JVM of its own server, for example \"-Xmx512m\".")
  private String serverJavaOptions;

  @Option(
      names = "--null",
      description = "Load a server that keeps nothing: the generator's ceiling.")
  private boolean nothing;

  @Option(names = "--with-null", description = "Load the server, then one that keeps nothing.")
  private boolean withNothing;

  @Option(
      names = "--access-key",
      paramLabel = "K",
      description =
          "With a server that runs (default: SKARB_ACCESS_KEY). Its secret is SKARB_SECRET_KEY, or what"
              + " SKARB_SECRET_KEY_FILE holds.")
  private @Nullable String accessKey;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "Both, in the form of a store's first-key file.")
  private @Nullable Path keyFile;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      defaultValue = "us-east-1",
      description = "What signatures are made for (default: ${DEFAULT-VALUE}).")
  private String region;

  @Option(
      names = "--bucket",
      paramLabel = "NAME",
      defaultValue = "skarb-bench",
      description = "Made if absent (default: ${DEFAULT-VALUE}).")
  private String bucket;

  @Option(names = "--keep", description = "Leave the objects that the run made, and the bucket.")
  private boolean keep;

  @Option(names = "--seed", paramLabel = "N", description = "Of bytes and choices.")
  private @Nullable Long seed;

  @Option(names = "--allow-errors", description = "Exit with 0 even if requests failed.")
  private boolean allowErrors;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  boolean json() {
    return json;
  }

  boolean allowErrors() {
    return allowErrors;
  }

  /// All of it, checked.
  ///
  /// @throws CommandFailedException for what does not go together
  BenchSettings settings(Kind kind, Map<String, String> environment) {
    long bytes = size != null ? size : defaultSize(kind);
    check(kind, bytes);
    long chosenSeed = seed != null ? seed : new SplittableRandom().nextLong(1L << 31);
    Plan plan =
        new Plan(
            kind,
            bytes,
            partSize,
            concurrency != null ? concurrency : defaultConcurrency(kind),
            objects != null ? objects : defaultObjects(kind, bytes),
            batch,
            warmup,
            duration,
            operations,
            verify,
            "skarb-bench-" + HexFormat.of().toHexDigits((int) chosenSeed) + "/",
            chosenSeed);
    Optional<HostPort> given = given();
    return new BenchSettings(
        plan,
        api,
        payload,
        connections,
        given,
        given.map(_ -> AccessKeys.find(accessKey, keyFile, environment)),
        region,
        bucket,
        Optional.ofNullable(data),
        Arrays.stream(serverJavaOptions.split(" ")).filter(one -> !one.isEmpty()).toList(),
        nothing
            ? BenchSettings.Targets.NOTHING
            : withNothing ? BenchSettings.Targets.BOTH : BenchSettings.Targets.SERVER,
        keep);
  }

  private void check(Kind kind, long bytes) {
    List.<Map.Entry<Boolean, String>>of(
            Map.entry(
                concurrency != null && (concurrency < 1 || concurrency > 4096),
                "--concurrency is 1 to 4096"),
            Map.entry(batch < 1 || batch > 1000, "--batch is 1 to 1000"),
            Map.entry(connections < 1 || connections > 256, "--connections is 1 to 256"),
            Map.entry(objects != null && objects < 1, "--objects is at least 1"),
            Map.entry(operations < 0, "--operations is at least 1"),
            Map.entry(duration.isZero(), "--duration is more than nothing"),
            Map.entry(partSize < 1, "--part-size is at least 1"),
            Map.entry(
                kind == Kind.MULTIPART && bytes > 10_000 * partSize,
                "10,000 parts of --part-size do not hold --size"),
            Map.entry(kind == Kind.MULTIPART && bytes == 0, "--size is at least 1 with multipart"),
            Map.entry(nothing && withNothing, "--null and --with-null do not go together"),
            Map.entry(
                verify && (nothing || withNothing),
                "--verify goes with neither --null nor --with-null"),
            Map.entry(
                nothing && (endpoint != null || node != null),
                "--null goes with neither --endpoint nor --node"),
            Map.entry(
                data != null && (nothing || endpoint != null || node != null),
                "--data is for a server of its own"),
            Map.entry(
                endpoint != null && api == BenchSettings.Api.GRPC, "--endpoint goes with --api s3"),
            Map.entry(node != null && api == BenchSettings.Api.S3, "--node goes with --api grpc"))
        .forEach(one -> {
          if (one.getKey()) {
            throw new CommandFailedException(one.getValue());
          }
        });
  }

  private Optional<HostPort> given() {
    if (node != null) {
      return Optional.of(node);
    }
    if (endpoint == null) {
      return Optional.empty();
    }
    String address = endpoint.replaceFirst("/$", "");
    if (!address.toLowerCase(Locale.ROOT).startsWith("http://")) {
      throw new CommandFailedException("--endpoint is http://HOST:PORT: bench speaks no TLS");
    }
    address = address.substring("http://".length());
    try {
      return Optional.of(HostPort.parse(address));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--endpoint: " + e.getMessage());
    }
  }

  private static long defaultSize(Kind kind) {
    return switch (kind) {
      case PUT, GET -> 4096;
      case LIST, DELETE -> 1024;
      case MIXED -> 64 * 1024;
      case MULTIPART -> 50 * MIB;
    };
  }

  private static int defaultConcurrency(Kind kind) {
    return switch (kind) {
      case PUT, GET, MIXED -> 32;
      case LIST, DELETE, MULTIPART -> 8;
    };
  }

  private static int defaultObjects(Kind kind, long size) {
    return switch (kind) {
      case PUT, MULTIPART -> 0;
      case GET, MIXED -> Math.clamp(512 * MIB / Math.max(1, size), 8, 2500);
      case LIST -> 10_000;
      case DELETE -> 50_000;
    };
  }
}
