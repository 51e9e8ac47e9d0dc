package skarb.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.cli.wiring.SkarbServer;

/// A whole server for tests of the Java client.
final class ClientServer implements AutoCloseable {
  static final String ACCESS_KEY = "test-access-key";
  static final String SECRET_KEY = "test-secret-key";

  private final SkarbServer server;
  private final boolean tls;

  ClientServer(Path folder, Optional<TlsFiles> tls) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    this.tls = tls.isPresent();
    this.server =
        SkarbServer.start(
            new ServerConfig(
                folder.resolve("data"),
                "test",
                any,
                any,
                tls,
                "us-east-1",
                Optional.of(new KeyPair(ACCESS_KEY, SECRET_KEY))),
            line -> {});
  }

  URI uri() {
    return URI.create((tls ? "grpcs://" : "grpc://") + HostPort.text(server.grpcAddress()));
  }

  @Override
  public void close() throws IOException {
    server.stop(Duration.ofSeconds(10));
  }
}
