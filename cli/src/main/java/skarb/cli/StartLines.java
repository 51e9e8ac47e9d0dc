package skarb.cli;

import java.io.PrintWriter;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.SkarbServer;

/// What `skarb server` prints once it serves: where it listens, its first key, a line each to try.
final class StartLines {
  private StartLines() {}

  static void print(SkarbServer server, ServerConfig config, PrintWriter out) {
    boolean tls = config.tls().isPresent();
    String s3 = (tls ? "https://" : "http://") + HostPort.text(server.s3Address());
    String grpc = HostPort.text(server.grpcAddress());
    String data = config.data().toString();
    out.println("Skarb " + server.version() + ", site " + server.siteName() + ", data in " + data);
    out.println("  S3    " + s3);
    out.println("  gRPC  " + grpc + (tls ? " (TLS)" : ""));
    server
        .peerAddress()
        .ifPresent(peers -> out.println("  peers " + HostPort.text(peers) + " (mTLS)"));
    server.keyLines().forEach(line -> out.println("  " + line));
    out.println("Try, with that key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY:");
    out.println("  aws --endpoint-url " + s3 + " s3 mb s3://hello");
    out.println(
        "  grpcurl "
            + (tls ? "-insecure" : "-plaintext")
            + " -H \"authorization: Bearer $(./skarb token --data "
            + data
            + ")\" "
            + grpc
            + " skarb.v1.Buckets/List");
    out.flush();
  }
}
