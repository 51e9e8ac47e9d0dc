package skarb.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.bench.client.AccessKey;
import skarb.cli.bench.server.NullServer;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;

/// `skarb bench serve`: the other process of a benchmark. Prints its S3 and its gRPC address, and
/// stops when its standard input ends, so that it never outlives the one that started it.
@Command(name = "serve", hidden = true, description = "Serve a benchmark.")
final class BenchServeCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(20);

  @Option(names = "--data")
  private @Nullable Path data;

  @Option(names = "--null")
  private boolean nothing;

  @Option(names = "--size")
  private long size;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (nothing) {
      try (NullServer server = NullServer.start(size)) {
        untilInputEnds(server.s3Address(), server.grpcAddress());
      }
      return 0;
    }
    if (data == null) {
      throw new CommandFailedException("--data or --null");
    }
    AccessKey key = AccessKeys.find(null, null, System.getenv());
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    SkarbServer server =
        SkarbServer.start(
            new ServerConfig(
                data,
                "bench",
                any,
                any,
                Optional.empty(),
                "us-east-1",
                Optional.of(new KeyPair(key.id(), key.secret()))),
            line -> {});
    untilInputEnds(server.s3Address(), server.grpcAddress());
    server.stop(DRAIN);
    return 0;
  }

  private void untilInputEnds(InetSocketAddress s3, InetSocketAddress grpc) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(HostPort.text(s3));
    out.println(HostPort.text(grpc));
    out.flush();
    while (System.in.read() >= 0) {
      // Nothing is said here.
    }
  }
}
