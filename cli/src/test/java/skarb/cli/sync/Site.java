package skarb.cli.sync;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import skarb.cli.wiring.SystemSeams;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.v1.AccessGrpc;
import skarb.v1.AdminGrpc;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateKeyRequest;
import skarb.v1.CreateTokenRequest;
import skarb.v1.DeleteRequest;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.GetStatusRequest;
import skarb.v1.GetStatusResponse;
import skarb.v1.ListRequest;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.SetMemberRequest;
import skarb.v1.UploadHeader;

/// One site with a real node, and what a client of it does.
final class Site implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  final Path data;
  final String name;
  final SystemSeams seams = SystemSeams.start();
  Node node;
  private ManagedChannel network;

  /// @param realm the folder of another site whose realm it shares; empty for a realm of its own
  Site(Path data, String name, Optional<Path> realm) throws IOException {
    this.data = data;
    this.name = name;
    if (realm.isPresent()) {
      Files.createDirectories(data);
      for (String file : List.of("node.key", "realm-keys")) {
        Files.copy(realm.get().resolve(file), data.resolve(file));
      }
    }
    open();
  }

  private void open() throws IOException {
    node =
        Node.open(
            NodeConfig.server(
                data,
                Files.exists(data.resolve("store")) ? "" : name,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Optional.empty(),
                Optional.empty()),
            seams.seams(),
            line -> {});
    network = NettyChannelBuilder.forAddress(node.grpcAddress()).usePlaintext().build();
  }

  void restart() throws IOException {
    network.shutdownNow();
    node.close();
    open();
  }

  GetStatusResponse status() {
    return AdminGrpc.newBlockingStub(node.operatorChannel())
        .getStatus(GetStatusRequest.getDefaultInstance());
  }

  void knows(Site member) {
    AdminGrpc.newBlockingStub(node.operatorChannel())
        .setMember(
            SetMemberRequest.newBuilder()
                .setSiteId(member.status().getSiteId())
                .setName(member.name)
                .build());
  }

  void makeKey(String id) {
    AccessGrpc.newBlockingStub(node.operatorChannel())
        .createKey(
            CreateKeyRequest.newBuilder()
                .setAccessKeyId(id)
                .setSecretKey("a secret of it")
                .build());
  }

  /// A channel of somebody who has a key.
  Channel as(String key) {
    String token =
        AccessGrpc.newBlockingStub(node.operatorChannel())
            .createToken(CreateTokenRequest.newBuilder().setAccessKeyId(key).build())
            .getToken();
    return ClientInterceptors.intercept(network, new Bearer(token));
  }

  void makeBucket(String key, String bucket) {
    BucketsGrpc.newBlockingStub(as(key))
        .create(CreateBucketRequest.newBuilder().setName(bucket).build());
  }

  void put(String key, String bucket, String object, byte[] content) {
    UploadHeader header = UploadHeader.newBuilder().setBucket(bucket).setKey(object).build();
    ObjectsGrpc.newBlockingStub(as(key))
        .put(
            PutRequest.newBuilder()
                .setHeader(header)
                .setContent(ByteString.copyFrom(content))
                .build());
  }

  void delete(String key, String bucket, String object) {
    ObjectsGrpc.newBlockingStub(as(key))
        .delete(DeleteRequest.newBuilder().setBucket(bucket).setKey(object).build());
  }

  /// The bytes of an object; empty where there is none.
  Optional<ByteString> get(String key, String bucket, String object) {
    try {
      Iterator<GetResponse> answers =
          ObjectsGrpc.newBlockingStub(as(key))
              .get(GetRequest.newBuilder().setBucket(bucket).setKey(object).build());
      ByteString content = ByteString.EMPTY;
      while (answers.hasNext()) {
        Frame frame = answers.next().getFrame();
        content = content.concat(frame.getContent());
      }
      return Optional.of(content);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  List<String> list(String key, String bucket) {
    return ObjectsGrpc.newBlockingStub(as(key))
        .list(ListRequest.newBuilder().setBucket(bucket).build())
        .getObjectsList()
        .stream()
        .map(ObjectInfo::getKey)
        .toList();
  }

  @Override
  public void close() throws IOException {
    network.shutdownNow();
    node.close();
    seams.close();
  }

  private record Bearer(String token) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          headers.put(AUTHORIZATION, "Bearer " + token);
          super.start(listener, headers);
        }
      };
    }
  }
}
