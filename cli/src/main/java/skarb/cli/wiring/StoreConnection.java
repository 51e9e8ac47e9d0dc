package skarb.cli.wiring;

import com.google.protobuf.Duration;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import skarb.cli.output.CommandFailedException;
import skarb.client.ClientConfig;
import skarb.client.Credentials;
import skarb.client.SkarbClient;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.v1.AccessGrpc;
import skarb.v1.CreateTokenRequest;

/// Objects and buckets, for one command: at the server that holds a data directory, at a server by
/// address, or at a node opened here on a directory that nobody holds, which listens on loopback
/// meanwhile.
public final class StoreConnection implements AutoCloseable {
  /// The longest that a command by a data directory works.
  private static final long TOKEN_SECONDS = TimeUnit.DAYS.toSeconds(1);

  private final SkarbClient client;
  private final Closeable closing;

  private StoreConnection(SkarbClient client, Closeable closing) {
    this.client = client;
    this.closing = closing;
  }

  /// For whom a data directory is asked.
  ///
  /// @param accessKey a key by its id; empty: the first key
  public record ActFor(Optional<String> accessKey) {}

  /// To the server that holds a folder, or to the folder itself where none does.
  ///
  /// @throws CommandFailedException where there is no store
  public static StoreConnection ofDirectory(Path data, ActFor whom, ClientConfig.Builder config)
      throws IOException {
    NodeConnection.requireStore(data);
    String address = NodeConnection.runningServer(data);
    if (address == null) {
      return ofFolder(data, whom, config);
    }
    PublishedAddress published = PublishedAddress.decode(address);
    boolean tls = !published.certificateSha256().isEmpty();
    if (tls) {
      config.trust(new PinnedCertificate(published.certificateSha256()));
    }
    config.plaintextAnywhere(); // it is this machine
    Credentials credentials;
    try (NodeConnection node = NodeConnection.ofDirectory(data)) {
      credentials = token(AccessGrpc.newBlockingStub(node.channel()), whom);
    }
    URI uri = URI.create((tls ? "grpcs://" : "grpc://") + published.address());
    return new StoreConnection(SkarbClient.connect(uri, credentials, config.build()), () -> {});
  }

  private static StoreConnection ofFolder(Path data, ActFor whom, ClientConfig.Builder config)
      throws IOException {
    SystemSeams seams = SystemSeams.start();
    try {
      Node node =
          Node.open(
              NodeConfig.server(
                  data,
                  "",
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  Optional.empty(),
                  Optional.empty()),
              seams.seams(),
              line -> {});
      Closeable closing =
          () -> {
            node.close();
            seams.close();
          };
      try {
        Credentials credentials = token(AccessGrpc.newBlockingStub(node.operatorChannel()), whom);
        URI uri = URI.create("grpc://" + HostPort.text(node.grpcAddress()));
        return new StoreConnection(SkarbClient.connect(uri, credentials, config.build()), closing);
      } catch (RuntimeException e) {
        node.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      seams.close();
      throw e;
    }
  }

  private static Credentials token(AccessGrpc.AccessBlockingStub access, ActFor whom) {
    CreateTokenRequest.Builder request =
        CreateTokenRequest.newBuilder().setTtl(Duration.newBuilder().setSeconds(TOKEN_SECONDS));
    whom.accessKey().ifPresent(request::setAccessKeyId);
    return Credentials.token(access.createToken(request.build()).getToken());
  }

  /// To a server by its address.
  ///
  /// @param credentials who calls
  public static StoreConnection ofAddress(
      NodeAddress address, Credentials credentials, ClientConfig.Builder config) {
    URI uri = address.uri(config);
    try {
      return new StoreConnection(SkarbClient.connect(uri, credentials, config.build()), () -> {});
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(String.valueOf(e.getMessage()));
    }
  }

  /// The client. It is closed with the connection.
  public SkarbClient client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    client.close();
    closing.close();
  }
}
