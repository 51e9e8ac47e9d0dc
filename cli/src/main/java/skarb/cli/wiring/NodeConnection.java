package skarb.cli.wiring;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import skarb.cli.output.CommandFailedException;
import skarb.node.DataDirectory;
import skarb.node.Node;
import skarb.node.NodeConfig;

/// A channel to a node, for one operator's command: to the server that holds a data directory, to a
/// server by address, or to a node opened here on a directory that nobody holds.
public final class NodeConnection implements AutoCloseable {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

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
    if (!Files.exists(data.resolve("store"))) {
      throw new CommandFailedException(
          "there is no store in " + data + " (start one with 'skarb server --data " + data + "')");
    }
    String address = DataDirectory.runningServer(data);
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
          GrpcSslContexts.forClient()
              .trustManager(new PinnedCertificate(published.certificateSha256()))
              .build());
    }
    return withToken(builder.build(), data.resolve("operator-token"));
  }

  /// To a server by its address: by TLS, except on loopback and where the caller insists.
  ///
  /// @param tokenFile holds the bearer token
  /// @param certificates PEM file to trust; null: what the JDK trusts
  /// @param insecure go without TLS off loopback as well
  public static NodeConnection ofAddress(
      HostPort address, @Nullable Path tokenFile, @Nullable Path certificates, boolean insecure)
      throws IOException {
    if (tokenFile == null) {
      throw new CommandFailedException("--node goes with --token-file");
    }
    boolean loopback;
    try {
      loopback = address.resolve().getAddress().isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--node: " + e.getMessage());
    }
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(address.host(), address.port());
    if (certificates != null) {
      try {
        builder.sslContext(GrpcSslContexts.forClient().trustManager(certificates.toFile()).build());
      } catch (SSLException | IllegalArgumentException e) {
        throw new CommandFailedException(certificates + " cannot be used: " + e.getMessage());
      }
    } else if (loopback || insecure) {
      builder.usePlaintext();
    }
    return withToken(builder.build(), tokenFile);
  }

  private static NodeConnection withToken(ManagedChannel channel, Path tokenFile)
      throws IOException {
    String token;
    try {
      token = Files.readString(tokenFile).strip();
    } catch (NoSuchFileException e) {
      channel.shutdownNow();
      throw new CommandFailedException("there is no file " + tokenFile);
    } catch (IOException e) {
      channel.shutdownNow();
      throw new CommandFailedException(tokenFile + " cannot be read: " + e.getMessage());
    }
    return new NodeConnection(
        ClientInterceptors.intercept(channel, new Bearer(token)), channel::shutdownNow);
  }

  /// The channel: calls on it are an operator's.
  public Channel channel() {
    return channel;
  }

  @Override
  public void close() throws IOException {
    closing.close();
  }

  private static final class Bearer implements ClientInterceptor {
    private final String token;

    Bearer(String token) {
      this.token = token;
    }

    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<B> listener, Metadata headers) {
          headers.put(AUTHORIZATION, "Bearer " + token);
          super.start(listener, headers);
        }
      };
    }
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
