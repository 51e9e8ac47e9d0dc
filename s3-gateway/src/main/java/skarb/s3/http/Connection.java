package skarb.s3.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.http.Heads.Head;
import skarb.s3.ops.ConnectionLostException;
import skarb.s3.ops.S3Response;

/// One client's connection: one request at a time, whatever is pipelined behind it. Bytes are read
/// from the socket only when somebody wants them, so that a client that sends faster than the node
/// stores is slowed down by TCP.
///
/// ```
/// AWAITING_HEAD ──head──▶ SERVING ──answered──▶ SKIPPING_BODY ──end of body──▶ AWAITING_HEAD
///       │                    │                        (nothing where the body was read)
///       └──idle──▶ CLOSED    └──to be closed──▶ LINGERING ──client closes, or time──▶ CLOSED
/// ```
///
/// All fields belong to the channel's event loop. The request's thread comes in through
/// [#resumeReading], [#sendContinue], [#finish] and [#cut], each run on the loop.
final class Connection extends ChannelInboundHandlerAdapter implements BodyQueue.Flow {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int LINGER_BYTES = 8 << 20;
  private static final ByteBuf CONTINUE =
      Unpooled.unreleasableBuffer(
          Unpooled.wrappedBuffer(
              "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

  private enum State {
    AWAITING_HEAD,
    SERVING,
    SKIPPING_BODY,
    LINGERING,
    CLOSED
  }

  private final HttpServer server;
  private final Channel channel;
  private final RequestDecoder decoder;
  private final Limits limits;
  private final Deadline deadline;
  private final boolean surplus;
  private final ArrayDeque<HttpObject> decoded = new ArrayDeque<>();
  private State state = State.AWAITING_HEAD;
  private boolean headBegun;
  private @Nullable Exchange exchange;
  private @Nullable BodyQueue body;

  /// A connection.
  ///
  /// @param surplus whether it is one too many: it is told to slow down, and closed
  Connection(HttpServer server, Channel channel, RequestDecoder decoder, boolean surplus) {
    this.surplus = surplus;
    this.server = server;
    this.channel = channel;
    this.decoder = decoder;
    this.limits = server.limits();
    this.deadline = new Deadline(channel.eventLoop(), this::expire);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    server.opened(this);
    if (surplus) {
      refuse(new S3Exception(S3Error.SLOW_DOWN), "", server.nextRequestId(), false);
      return;
    }
    awaitHead();
    channel.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    decoded.add((HttpObject) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    pump();
    if (state == State.AWAITING_HEAD && decoder.takeSawBytes() && !headBegun) {
      headBegun = true;
      deadline.set(limits.headTimeout());
    }
    readIfWanted();
  }

  /// Moves what is decoded on: heads to new exchanges, contents to their body.
  private void pump() {
    HttpObject next;
    while ((next = decoded.peek()) != null) {
      switch (state) {
        case AWAITING_HEAD -> {
          decoded.remove();
          if (next instanceof HttpRequest request) {
            begin(request);
          } else {
            ReferenceCountUtil.release(next);
          }
        }
        case SERVING -> {
          if (body == null || body.complete() || !(next instanceof HttpContent content)) {
            return; // Pipelined: its turn comes.
          }
          decoded.remove();
          body.offer(content);
        }
        case SKIPPING_BODY -> {
          decoded.remove();
          boolean broken = next.decoderResult().isFailure();
          boolean last = next instanceof LastHttpContent;
          ReferenceCountUtil.release(next);
          if (broken) {
            close();
          } else if (last) {
            awaitHead();
          }
        }
        case LINGERING, CLOSED -> ReferenceCountUtil.release(decoded.remove());
      }
    }
  }

  private void readIfWanted() {
    boolean wanted =
        switch (state) {
          case AWAITING_HEAD, SKIPPING_BODY -> true;
          case SERVING -> body != null && body.wantsMore();
          case LINGERING -> decoder.discarded() <= LINGER_BYTES;
          case CLOSED -> false;
        };
    if (wanted) {
      channel.read();
    } else if (state == State.LINGERING) {
      close();
    }
  }

  private void begin(HttpRequest request) {
    deadline.clear();
    String requestId = server.nextRequestId();
    Head head;
    try {
      head = Heads.read(request, remoteAddress(), server.secure(), requestId);
    } catch (S3Exception e) {
      refuse(e, "", requestId, false);
      return;
    }
    if (!server.tryAdmit()) {
      refuse(
          new S3Exception(S3Error.SLOW_DOWN),
          head.request().rawPath(),
          requestId,
          head.request().method().equals("HEAD"));
      return;
    }
    BodyQueue queue = new BodyQueue(this, limits, head.bodyLength(), head.expectsContinue());
    Exchange started =
        new Exchange(this, channel, server.service(), server.responseHead(), limits, head, queue);
    body = queue;
    exchange = started;
    state = State.SERVING;
    server.run(started);
  }

  private void refuse(S3Exception error, String path, String requestId, boolean toHead) {
    S3Response response = server.service().refuse(error, path, requestId);
    ByteBuf bytes = channel.alloc().buffer();
    server.responseHead().write(bytes, response, toHead, requestId, ResponseHead.Connection.CLOSE);
    if (response.body() instanceof S3Response.Body.Bytes document && !toHead) {
      bytes.writeBytes(document.content().asReadOnlyByteBuffer());
    }
    lingerAfter(bytes);
  }

  // The next four are how the request's thread comes in.

  @Override
  public void resumeReading() {
    channel.eventLoop().execute(this::readIfWanted);
  }

  @Override
  public void sendContinue() {
    var _ = channel.writeAndFlush(CONTINUE.duplicate(), channel.voidPromise());
  }

  /// Writes the last bytes of an answer and goes on, or not. On the loop.
  void finish(ByteBuf last, boolean keep) {
    BodyQueue served = endExchange();
    if (state == State.CLOSED || served == null) {
      last.release();
      return;
    }
    if (!keep || server.draining()) {
      lingerAfter(last);
      return;
    }
    var _ = channel.writeAndFlush(last, channel.voidPromise());
    if (served.complete()) {
      awaitHead();
    } else {
      state = State.SKIPPING_BODY;
      deadline.set(limits.bodyTimeout());
    }
    pump();
    readIfWanted();
  }

  /// Gives the answer up: what was sent of it is all that the client gets. On the loop.
  void cut() {
    endExchange();
    close();
  }

  /// Whether requests should be the last of their connections. Any thread.
  boolean draining() {
    return server.draining();
  }

  /// Closes the connection if it rests. Any thread.
  void closeIfIdle() {
    channel
        .eventLoop()
        .execute(() -> {
          if (state == State.AWAITING_HEAD && !headBegun && decoded.isEmpty()) {
            close();
          }
        });
  }

  /// Closes the connection, whatever it does. Any thread.
  void closeNow() {
    close();
  }

  private @Nullable BodyQueue endExchange() {
    BodyQueue served = body;
    if (exchange != null) {
      exchange = null;
      body = null;
      server.release();
    }
    if (served != null) {
      served.abandon();
    }
    return served;
  }

  private void awaitHead() {
    state = State.AWAITING_HEAD;
    headBegun = false;
    decoder.takeSawBytes();
    deadline.set(limits.keepAliveTimeout());
    if (server.draining() && decoded.isEmpty()) {
      close();
    }
  }

  /// Closes such that the client reads the answer: a socket that is closed with bytes unread resets
  /// the connection, and a reset throws away what the client had yet to read.
  private void lingerAfter(ByteBuf last) {
    state = State.LINGERING;
    decoder.discardAll();
    deadline.set(limits.lingerTimeout());
    pump();
    channel
        .writeAndFlush(last)
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (!done.isSuccess() || state == State.CLOSED) {
                    close();
                    return;
                  }
                  shutdownOutput();
                  readIfWanted();
                });
  }

  private void shutdownOutput() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) {
      var _ = tls.closeOutbound();
    } else if (channel instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    } else {
      close();
    }
  }

  private void expire() {
    switch (state) {
      case AWAITING_HEAD -> {
        if (headBegun) {
          refuse(new S3Exception(S3Error.REQUEST_TIMEOUT), "", server.nextRequestId(), false);
        } else {
          close();
        }
      }
      case SKIPPING_BODY, LINGERING -> close();
      case SERVING, CLOSED -> {}
    }
  }

  private void close() {
    var _ = channel.close();
  }

  private String remoteAddress() {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "";
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.wake();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (state == State.SERVING) {
      pump(); // What came before the end belongs to the body.
    }
    state = State.CLOSED;
    server.closed(this);
    deadline.clear();
    pump();
    if (body != null) {
      body.fail(new ConnectionLostException("the client went away during its request"));
    }
    if (exchange != null) {
      exchange.wake();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection lost: {}", cause.toString());
    } else {
      LOG.debug("connection closed after", cause);
    }
    close();
  }
}
