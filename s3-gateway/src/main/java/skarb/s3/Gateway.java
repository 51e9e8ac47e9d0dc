package skarb.s3;

import io.grpc.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import skarb.s3.auth.Authenticator;
import skarb.s3.auth.NodeSignatureService;
import skarb.s3.auth.SigV4Authenticator;
import skarb.s3.auth.SigningKeyCache;
import skarb.s3.http.Health;
import skarb.s3.http.HttpServer;
import skarb.s3.http.RequestIds;
import skarb.s3.http.S3Service;
import skarb.s3.ops.AnonymousBodyCheck;
import skarb.s3.ops.BucketOwnerCheck;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.SlowAnswers;
import skarb.s3.ops.bucket.CreateBucket;
import skarb.s3.ops.bucket.DeleteBucket;
import skarb.s3.ops.bucket.GetBucketLocation;
import skarb.s3.ops.bucket.GetBucketVersioning;
import skarb.s3.ops.bucket.HeadBucket;
import skarb.s3.ops.bucket.ListBuckets;
import skarb.s3.ops.bucket.PutBucketVersioning;
import skarb.s3.ops.list.ListObjectVersions;
import skarb.s3.ops.list.ListObjects;
import skarb.s3.ops.list.ListObjectsV2;
import skarb.s3.ops.multipart.AbortMultipartUpload;
import skarb.s3.ops.multipart.CompleteMultipartUpload;
import skarb.s3.ops.multipart.CreateMultipartUpload;
import skarb.s3.ops.multipart.ListMultipartUploads;
import skarb.s3.ops.multipart.ListParts;
import skarb.s3.ops.multipart.UploadPart;
import skarb.s3.ops.multipart.UploadPartCopy;
import skarb.s3.ops.object.CopyObject;
import skarb.s3.ops.object.DeleteObject;
import skarb.s3.ops.object.DeleteObjects;
import skarb.s3.ops.object.GetObject;
import skarb.s3.ops.object.GetObjectAttributes;
import skarb.s3.ops.object.HeadObject;
import skarb.s3.ops.object.PutObject;
import skarb.s3.ops.settings.Settings;
import skarb.s3.route.Router;
import skarb.s3.route.S3Operation;

/// The S3 gateway: the assembled parts, listening. It keeps nothing that may not be lost, so any
/// number of them can stand before one node. Safe for many threads.
public final class Gateway implements AutoCloseable {
  private static final int CACHED_SIGNING_KEYS = 10_000;
  private static final Duration SIGNATURE_DEADLINE = Duration.ofSeconds(10);
  private static final Duration MEMORY_PATIENCE = Duration.ofSeconds(10);

  private final HttpServer server;
  private final Health health;

  private Gateway(HttpServer server, Health health) {
    this.server = server;
    this.health = health;
  }

  /// Starts a gateway.
  ///
  /// @param node a channel on which the node takes the caller for a gateway; it stays the caller's
  ///   to close
  /// @param clock for dates, and for the age of signatures
  /// @param random for request ids
  /// @throws IOException where the address cannot be had or a certificate cannot be read
  public static Gateway start(
      GatewayConfig config, Channel node, InstantSource clock, RandomGenerator random)
      throws IOException {
    Authenticator authenticator =
        new SigV4Authenticator(
            new SigningKeyCache(
                new NodeSignatureService(node, SIGNATURE_DEADLINE), clock, CACHED_SIGNING_KEYS),
            clock,
            Optional.empty());
    return start(config, node, clock, random, authenticator);
  }

  /// Starts a gateway that knows its callers by other means: for tests.
  static Gateway start(
      GatewayConfig config,
      Channel channel,
      InstantSource clock,
      RandomGenerator random,
      Authenticator authenticator)
      throws IOException {
    NodeClient node = new NodeClient(channel, config.nodeDeadline(), config.nodeStreamIdle());
    RequestIds ids = new RequestIds(random);
    Health health = new Health(node);
    S3Service service =
        new S3Service(
            new Router(config.domains()),
            authenticator,
            new AnonymousBodyCheck(node),
            new BucketOwnerCheck(node),
            handlers(
                node,
                new MemoryBudget(config.bodyMemoryBytes(), MEMORY_PATIENCE),
                new SlowAnswers(config.answerPatience()),
                clock,
                config.region()),
            health,
            new S3Service.Place(ids.hostId(), config.region()));
    HttpServer server =
        new HttpServer(config.listen(), config.limits(), tls(config), service, ids, clock);
    return new Gateway(server, health);
  }

  /// The operations that are served.
  private static Map<S3Operation, Handler> handlers(
      NodeClient node, MemoryBudget memory, SlowAnswers slow, InstantSource clock, String region) {
    Map<S3Operation, Handler> handlers = new EnumMap<>(S3Operation.class);
    handlers.put(S3Operation.LIST_BUCKETS, new ListBuckets(node, region));
    handlers.put(S3Operation.CREATE_BUCKET, new CreateBucket(node, memory, region));
    handlers.put(S3Operation.HEAD_BUCKET, new HeadBucket(node, region));
    handlers.put(S3Operation.DELETE_BUCKET, new DeleteBucket(node));
    handlers.put(S3Operation.GET_BUCKET_LOCATION, new GetBucketLocation(node, region));
    handlers.put(S3Operation.PUT_BUCKET_VERSIONING, new PutBucketVersioning(node, memory));
    handlers.put(S3Operation.GET_BUCKET_VERSIONING, new GetBucketVersioning(node));
    handlers.put(S3Operation.LIST_OBJECT_VERSIONS, new ListObjectVersions(node));
    handlers.put(S3Operation.LIST_OBJECTS, new ListObjects(node));
    handlers.put(S3Operation.LIST_OBJECTS_V2, new ListObjectsV2(node));
    handlers.put(S3Operation.PUT_OBJECT, new PutObject(node, memory));
    handlers.put(S3Operation.GET_OBJECT, new GetObject(node, memory, clock));
    handlers.put(S3Operation.HEAD_OBJECT, new HeadObject(node, clock));
    handlers.put(S3Operation.GET_OBJECT_ATTRIBUTES, new GetObjectAttributes(node));
    handlers.put(S3Operation.COPY_OBJECT, new CopyObject(node, slow, clock));
    handlers.put(S3Operation.DELETE_OBJECT, new DeleteObject(node));
    handlers.put(S3Operation.DELETE_OBJECTS, new DeleteObjects(node, memory));
    addMultipart(handlers, node, memory, slow, clock);
    handlers.putAll(Settings.handlers(node));
    return handlers;
  }

  private static void addMultipart(
      Map<S3Operation, Handler> to,
      NodeClient node,
      MemoryBudget memory,
      SlowAnswers slow,
      InstantSource clock) {
    to.put(S3Operation.CREATE_MULTIPART_UPLOAD, new CreateMultipartUpload(node));
    to.put(S3Operation.UPLOAD_PART, new UploadPart(node, memory));
    to.put(S3Operation.UPLOAD_PART_COPY, new UploadPartCopy(node, slow, clock));
    to.put(S3Operation.LIST_PARTS, new ListParts(node));
    to.put(S3Operation.COMPLETE_MULTIPART_UPLOAD, new CompleteMultipartUpload(node, memory, slow));
    to.put(S3Operation.ABORT_MULTIPART_UPLOAD, new AbortMultipartUpload(node));
    to.put(S3Operation.LIST_MULTIPART_UPLOADS, new ListMultipartUploads(node));
  }

  private static Optional<SslContext> tls(GatewayConfig config) throws IOException {
    if (config.tls().isEmpty()) {
      return Optional.empty();
    }
    GatewayConfig.Tls tls = config.tls().get();
    try (InputStream certificate = Files.newInputStream(tls.certificate());
        InputStream key = Files.newInputStream(tls.key())) {
      return Optional.of(
          SslContextBuilder.forServer(certificate, key).sslProvider(SslProvider.JDK).build());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "no certificate and key in PEM: " + tls.certificate() + ", " + tls.key(), e);
    }
  }

  /// Where it listens, the port that was chosen included.
  public InetSocketAddress address() {
    return server.address();
  }

  /// Accepts no more connections and lets the requests that are under way finish; from the first
  /// moment on it is not ready any more.
  ///
  /// @param patience how long to wait for them
  public void drain(Duration patience) {
    health.stopping();
    server.drain(patience);
  }

  /// Closes everything at once; call [#drain] before to be gentle. The node's channel stays open.
  @Override
  public void close() {
    health.stopping();
    server.close();
  }
}
