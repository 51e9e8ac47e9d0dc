package skarb.cli.bench.server;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// A server of both interfaces that keeps nothing: it reads each request whole, throws it away and
/// answers something plausible from memory. Checks neither signatures nor anything else. Every
/// object is there and has one size; every listing is one page of 1,000 keys.
public final class NullServer implements AutoCloseable {
  /// What may be on its way unread: as much as its client allows.
  private static final int WINDOW_BYTES = 8 << 20;

  private final NullHttp http;
  private final Server grpc;

  private NullServer(NullHttp http, Server grpc) {
    this.http = http;
    this.grpc = grpc;
  }

  /// Listens on loopback, at ports of the system's choice.
  ///
  /// @param size bytes of every object
  public static NullServer start(long size) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    NullHttp http = new NullHttp(any, size);
    try {
      Server grpc =
          NettyServerBuilder.forAddress(any)
              .directExecutor()
              .initialFlowControlWindow(WINDOW_BYTES)
              .addService(new NullObjects(size))
              .addService(new NullBuckets())
              .addService(new NullMultipart())
              .build()
              .start();
      return new NullServer(http, grpc);
    } catch (IOException e) {
      http.close();
      throw e;
    }
  }

  /// Where S3 listens.
  public InetSocketAddress s3Address() {
    return http.address();
  }

  /// Where gRPC listens.
  public InetSocketAddress grpcAddress() {
    return (InetSocketAddress) grpc.getListenSockets().getFirst();
  }

  @Override
  public void close() {
    http.close();
    try {
      var _ = grpc.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
