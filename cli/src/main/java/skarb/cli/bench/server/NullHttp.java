package skarb.cli.bench.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// S3 that keeps nothing. Its answers are made once.
final class NullHttp implements AutoCloseable {
  private static final int ZEROS = 256 * 1024;

  private final long size;
  private final ByteBuf zeros = direct(new byte[ZEROS]);
  private final ByteBuf nothing = direct(head(200, 0, "etag: \"" + "0".repeat(32) + "\"\r\n"));
  private final ByteBuf noContent =
      direct("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  private final ByteBuf objectHead;
  private final ByteBuf page = document(CannedPage.xml());
  private final ByteBuf deleted = document("<DeleteResult></DeleteResult>");
  private final ByteBuf begun =
      document(
          "<InitiateMultipartUploadResult><UploadId>null</UploadId></InitiateMultipartUploadResult>");
  private final ByteBuf completed =
      document("<CompleteMultipartUploadResult><ETag>null</ETag></CompleteMultipartUploadResult>");
  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final Channel listener;

  /// @param size bytes of every object
  NullHttp(InetSocketAddress address, long size) throws IOException {
    this.size = size;
    this.objectHead = direct(head(200, size, "etag: \"" + "0".repeat(32) + "\"\r\n"));
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpRequestDecoder(), new Connection());
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException("cannot listen on " + address, bound.cause());
    }
    listener = bound.channel();
  }

  private static byte[] head(int status, long length, String headers) {
    return ("HTTP/1.1 " + status + " OK\r\ncontent-length: " + length + "\r\n" + headers + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuf document(String xml) {
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    return direct(head(200, body.length, "content-type: application/xml\r\n"), body);
  }

  private static ByteBuf direct(byte[]... parts) {
    ByteBuf whole = Unpooled.copiedBuffer(parts);
    ByteBuf direct = Unpooled.directBuffer(whole.readableBytes()).writeBytes(whole);
    return Unpooled.unreleasableBuffer(direct.asReadOnly());
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private HttpMethod method = HttpMethod.GET;
    private String query = "";
    private boolean bucket;

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (message instanceof HttpRequest request) {
        method = request.method();
        String target = request.uri();
        int mark = target.indexOf('?');
        query = mark < 0 ? "" : target.substring(mark + 1);
        bucket = target.indexOf('/', 1) < 0;
      }
      if (message instanceof LastHttpContent) {
        answer(context);
      }
    }

    private void answer(ChannelHandlerContext context) {
      if (method.equals(HttpMethod.GET) && !bucket) {
        var _ = context.write(objectHead.duplicate());
        for (long left = size; left > 0; left -= ZEROS) {
          var _ = context.write(zeros.slice(0, (int) Math.min(left, ZEROS)));
        }
        context.flush();
      } else {
        var _ = context.writeAndFlush(canned().duplicate());
      }
    }

    private ByteBuf canned() {
      if (method.equals(HttpMethod.GET)) {
        return page;
      }
      if (method.equals(HttpMethod.HEAD)) {
        return bucket ? nothing : objectHead;
      }
      if (method.equals(HttpMethod.DELETE)) {
        return noContent;
      }
      if (!method.equals(HttpMethod.POST)) {
        return nothing;
      }
      if (bucket) {
        return deleted;
      }
      return query.startsWith("uploads") ? begun : completed;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var _ = context.close();
    }
  }
}
