package skarb.cli.bench.client;

import java.net.InetSocketAddress;
import java.time.InstantSource;

/// Clients of S3: a connection a worker.
///
/// @param address where the server listens
/// @param host the `Host` header
/// @param key what requests are signed with
/// @param region what signatures are made for
/// @param bucket where the load goes
/// @param payload how bodies are signed
public record S3Clients(
    InetSocketAddress address,
    String host,
    AccessKey key,
    String region,
    String bucket,
    Payload payload)
    implements Clients {

  /// How the bodies of uploads are signed.
  public enum Payload {
    /// By their SHA-256 up to 1 MiB, beyond that not.
    AUTO,
    /// By their SHA-256.
    SIGNED,
    /// Not: the signature covers the headers.
    UNSIGNED;

    private static final long AUTO_SIGNED_BYTES = 1 << 20;

    /// Whether a body of this size is signed.
    public boolean isSigned(long size) {
      return switch (this) {
        case AUTO -> size <= AUTO_SIGNED_BYTES;
        case SIGNED -> true;
        case UNSIGNED -> false;
      };
    }
  }

  @Override
  public StoreClient open(int worker) {
    return new S3Client(
        new HttpConnection(address),
        host,
        bucket,
        new SigV4(key, region, "s3", InstantSource.system()),
        payload);
  }

  @Override
  public String description() {
    return "HTTP/1.1, a connection a worker, signature version 4 in headers";
  }

  @Override
  public void close() {
    // Connections are the workers' own.
  }
}
