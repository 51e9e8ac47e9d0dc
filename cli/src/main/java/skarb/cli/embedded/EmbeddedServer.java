package skarb.cli.embedded;

import com.google.protobuf.Duration;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.SkarbServer;
import skarb.node.StorageConfig;
import skarb.node.journal.JournalConfig;
import skarb.v1.AccessGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CallContext;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateTokenRequest;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.KeyInfo;
import skarb.v1.ListKeysRequest;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;
import skarb.v1.SetVersioningRequest;
import skarb.v1.Versioning;

/// A whole Skarb on free ports of loopback, for tests of applications: `clients/junit` calls it
/// across a class loader, by the names of its methods. Safe for many threads.
public final class EmbeddedServer implements AutoCloseable {
  private static final Metadata.Key<CallContext> CONTEXT =
      Metadata.Key.of(
          "skarb-context-bin", ProtoUtils.metadataMarshaller(CallContext.getDefaultInstance()));

  /// Little is written in a test, and making and looking through a file takes a start's time.
  private static final long JOURNAL_FILE_BYTES = 4L << 20;

  /// What must stay free on the disk.
  private static final long MARGIN_BYTES = 64L << 20;

  /// The longest that a token may live.
  private static final Duration TOKEN_LIFE = Duration.newBuilder().setSeconds(7 * 86_400).build();

  /// A test has its answers when it ends: what is still on its way belongs to nobody.
  private static final java.time.Duration DRAIN = java.time.Duration.ofMillis(500);

  private final SkarbServer server;
  private final AccessGrpc.AccessBlockingStub access;
  private final BucketsGrpc.BucketsBlockingStub buckets;
  private final ObjectsGrpc.ObjectsBlockingStub objects;

  private EmbeddedServer(SkarbServer server) {
    this.server = server;
    this.access = AccessGrpc.newBlockingStub(server.operatorChannel());
    Channel onBehalf = onBehalfOfTheKey(server, access);
    this.buckets = BucketsGrpc.newBlockingStub(onBehalf);
    this.objects = ObjectsGrpc.newBlockingStub(onBehalf);
  }

  /// Starts it: when this returns, it serves.
  ///
  /// @param data the store's folder, made if absent
  /// @param region the region that S3 answers with
  /// @param accessKey a key to make, an operator's
  /// @param secretKey its secret
  /// @param clock the store's clock, safe for many threads
  public static EmbeddedServer start(
      Path data, String region, String accessKey, String secretKey, InstantSource clock)
      throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ServerConfig config =
        new ServerConfig(
            data,
            "test",
            any,
            any,
            Optional.empty(),
            region,
            Optional.of(new KeyPair(accessKey, secretKey)));
    SkarbServer server = SkarbServer.start(config, storage(), clock, line -> {});
    try {
      return new EmbeddedServer(server);
    } catch (RuntimeException e) {
      server.stop(DRAIN);
      throw e;
    }
  }

  private static StorageConfig storage() {
    StorageConfig standard = StorageConfig.standard();
    return new StorageConfig(
        new JournalConfig(JOURNAL_FILE_BYTES, true),
        standard.chunks(),
        standard.content(),
        MARGIN_BYTES,
        standard.indexes());
  }

  /// Calls on behalf of the first key, as a gateway makes them: no signature that a moved clock
  /// could turn down.
  private static Channel onBehalfOfTheKey(
      SkarbServer server, AccessGrpc.AccessBlockingStub access) {
    KeyInfo key = access.listKeys(ListKeysRequest.getDefaultInstance()).getKeys(0);
    Metadata context = new Metadata();
    context.put(
        CONTEXT,
        CallContext.newBuilder()
            .setAccessKeyId(key.getAccessKeyId())
            .setKeyGeneration(key.getGeneration())
            .build());
    return ClientInterceptors.intercept(
        server.gatewayChannel(), MetadataUtils.newAttachHeadersInterceptor(context));
  }

  /// Where S3 listens, `http://HOST:PORT`.
  public URI s3Endpoint() {
    return URI.create("http://" + HostPort.text(server.s3Address()));
  }

  /// Where gRPC listens, `grpc://HOST:PORT`.
  public URI grpcEndpoint() {
    return URI.create("grpc://" + HostPort.text(server.grpcAddress()));
  }

  /// A bearer token that stands for the key for seven days of the store's clock.
  public String token() {
    return access
        .createToken(CreateTokenRequest.newBuilder().setTtl(TOKEN_LIFE).build())
        .getToken();
  }

  /// Makes a bucket of the key's user.
  public void createBucket(String name, boolean versioned) {
    var _ = buckets.create(CreateBucketRequest.newBuilder().setName(name).build());
    if (versioned) {
      var _ =
          buckets.setVersioning(
              SetVersioningRequest.newBuilder()
                  .setName(name)
                  .setVersioning(Versioning.VERSIONING_ENABLED)
                  .build());
    }
  }

  /// Deletes a bucket with all that it holds. A bucket that is not there any more is fine; one that
  /// somebody goes on writing to stays.
  public void deleteBucket(String name) {
    try {
      empty(name);
      var _ = buckets.delete(DeleteBucketRequest.newBuilder().setName(name).build());
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code != Status.Code.NOT_FOUND && code != Status.Code.FAILED_PRECONDITION) {
        throw e;
      }
    }
  }

  private void empty(String bucket) {
    ListVersionsRequest.Builder next = ListVersionsRequest.newBuilder().setBucket(bucket);
    ListVersionsResponse page;
    do {
      page = objects.listVersions(next.build());
      if (page.getVersionsCount() > 0) {
        DeleteBatchRequest.Builder batch = DeleteBatchRequest.newBuilder().setBucket(bucket);
        page.getVersionsList().forEach(version -> batch.addItems(deletion(version.getInfo())));
        var _ = objects.deleteBatch(batch.build());
      }
      next.setKeyMarker(page.getNextKeyMarker()).setVersionIdMarker(page.getNextVersionIdMarker());
    } while (page.getTruncated());
  }

  private static DeleteBatchItem deletion(ObjectInfo version) {
    DeleteBatchItem.Builder item = DeleteBatchItem.newBuilder().setKey(version.getKey());
    if (version.hasVersionId()) {
      item.setVersionId(version.getVersionId());
    }
    return item.build();
  }

  /// Ends what is in flight and closes everything.
  @Override
  public void close() throws IOException {
    server.stop(DRAIN);
  }
}
