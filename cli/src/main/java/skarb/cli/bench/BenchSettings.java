package skarb.cli.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.cli.bench.client.AccessKey;
import skarb.cli.bench.client.S3Clients.Payload;
import skarb.cli.bench.load.Plan;
import skarb.cli.bench.load.Plan.Kind;
import skarb.cli.wiring.HostPort;

/// What a benchmark was asked to do, checked.
///
/// @param plan the load
/// @param api the interface
/// @param payload with S3, how bodies are signed
/// @param connections with gRPC, how many the workers share
/// @param given the server to load; empty: one of its own
/// @param key for the given server
/// @param region what signatures are made for
/// @param bucket where the load goes
/// @param data where the store of its own server goes; empty: the system's place for temporary
///   files
/// @param serverJavaOptions for its own server's JVM
/// @param targets what is loaded
/// @param keep whether to leave what the run made
record BenchSettings(
    Plan plan,
    Api api,
    Payload payload,
    int connections,
    Optional<HostPort> given,
    Optional<AccessKey> key,
    String region,
    String bucket,
    Optional<Path> data,
    List<String> serverJavaOptions,
    Targets targets,
    boolean keep) {

  /// The interfaces.
  enum Api {
    /// S3 over HTTP.
    S3,
    /// gRPC.
    GRPC
  }

  /// What is loaded.
  enum Targets {
    /// A server.
    SERVER,
    /// One that keeps nothing.
    NOTHING,
    /// First the one, then the other.
    BOTH
  }

  /// For the report.
  Map<String, Object> parameters() {
    Kind kind = plan.kind();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("size", plan.size());
    if (kind == Kind.MULTIPART) {
      fields.put("part_size", plan.partSize());
    }
    fields.put("concurrency", plan.concurrency());
    if (plan.operations() > 0) {
      fields.put("operations", plan.operations());
    } else {
      fields.put("duration_seconds", plan.duration().toMillis() / 1000.0);
      if (kind != Kind.DELETE) {
        fields.put("warmup_seconds", plan.warmup().toMillis() / 1000.0);
      }
    }
    if (kind != Kind.PUT && kind != Kind.MULTIPART) {
      fields.put("objects", plan.objects());
    }
    if (kind == Kind.DELETE) {
      fields.put("batch", plan.batch());
    }
    if (api == Api.S3) {
      long body = kind == Kind.MULTIPART ? plan.partSize() : plan.size();
      fields.put("payload", payload.isSigned(body) ? "signed by SHA-256" : "UNSIGNED-PAYLOAD");
    } else {
      fields.put("connections", connections);
    }
    fields.put("verify", plan.verify());
    fields.put("seed", plan.seed());
    return fields;
  }
}
