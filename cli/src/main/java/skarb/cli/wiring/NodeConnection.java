package skarb.cli.wiring;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import skarb.cli.output.CommandFailedException;
import skarb.client.Credentials;
import skarb.node.DataDirectory;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.node.Patience;

/// A channel to a node, for one operator's command: to the server that holds a data directory, to a
/// server by address, or to a node opened here on a directory that nobody holds.
public final class NodeConnection implements AutoCloseable {
  /// A command waits this long for an answer.
  private static final long DEADLINE_SECONDS = 60;

  private final Channel channel;
  private final Closeable closing;

  private NodeConnection(Channel channel, Closeable closing) {
    this.channel = ClientInterceptors.intercept(channel, new DefaultDeadline());
    this.closing = closing;
  }

  /// To the server that holds a folder, or to the folder itself where none does.
  public static NodeConnection ofDirectory(Path data) throws IOException {
    requireStore(data);
    String address = runningServer(data);
    if (address == null) {
      SystemSeams seams = SystemSeams.start();
      try {
        Node node = Node.open(NodeConfig.offline(data), seams.seams(), line -> {});
        return new NodeConnection(
            node.operatorChannel(),
            () -> {
              node.close();
              seams.close();
            });
      } catch (RuntimeException | IOException e) {
        seams.close();
        throw e;
      }
    }
    PublishedAddress published = PublishedAddress.decode(address);
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(published.address().host(), published.address().port());
    if (published.certificateSha256().isEmpty()) {
      builder.usePlaintext();
    } else {
      builder.sslContext(
          GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
              .trustManager(new PinnedCertificate(published.certificateSha256()))
              .build());
    }
    return of(builder.build(), Credentials.token(operatorToken(data)));
  }

  /// Where the server listens that holds a folder, asked again for some seconds while whoever holds
  /// it takes no calls yet.
  ///
  /// @return null where nobody holds it
  public static @Nullable String runningServer(Path data) {
    return DataDirectory.runningServer(data, Patience.standard(Thread::sleep));
  }

  /// @throws CommandFailedException where there is no store
  static void requireStore(Path data) {
    if (!Files.exists(data.resolve("store"))) {
      throw new CommandFailedException(
          "there is no store in " + data + " (start one with 'skarb server --data " + data + "')");
    }
  }

  /// To a server by its address.
  ///
  /// @param credentials who calls
  public static NodeConnection ofAddress(NodeAddress address, Credentials credentials) {
    return of(address.channel().build(), credentials);
  }

  private static NodeConnection of(ManagedChannel channel, Credentials credentials) {
    return new NodeConnection(
        ClientInterceptors.intercept(channel, new Authorization(credentials)),
        channel::shutdownNow);
  }

  private static String operatorToken(Path data) {
    Path file = data.resolve("operator-token");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read: " + e.getMessage());
    }
  }

  /// The channel: calls on it are of whom the connection was made for.
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    closing.close();
  }

  private static final class DefaultDeadline implements ClientInterceptor {
    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      return next.newCall(
          method,
          options.getDeadline() == null
              ? options.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
              : options);
    }
  }
}
