package skarb.junit;

import java.net.URI;
import java.time.InstantSource;

/// A server that runs for a test, and how it is reached. Tests take it as a parameter or ask their
/// [SkarbExtension], which is one too. Safe for many threads.
///
/// All methods throw `IllegalStateException` while no server runs.
public interface Skarb {
  /// Where S3 listens: `http://127.0.0.1:PORT`. Clients must address buckets by path.
  URI s3Endpoint();

  /// Where gRPC listens: `grpc://127.0.0.1:PORT`, as the Java client takes it; without TLS.
  URI grpcEndpoint();

  /// The id of an access key, an operator's. Made up for each server.
  String accessKey();

  /// Its secret.
  String secretKey();

  /// The region that S3 answers with. Signatures may name any.
  String region();

  /// A new bearer token for gRPC (`authorization: Bearer TOKEN`), which stands for the access key
  /// for seven days of [#clock]: signatures are made with the machine's clock, and are refused by a
  /// server whose clock is over 15 minutes from it.
  String token();

  /// The server's clock.
  InstantSource clock();
}
