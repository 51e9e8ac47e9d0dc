package skarb.s3.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;

/// Netty's decoder at its strictest, since what two servers read differently smuggles requests past
/// one of them. For its connection's event loop.
final class RequestDecoder extends HttpRequestDecoder {
  private static final int MAX_CONTENT_BYTES = 256 * 1024;

  private boolean sawBytes;
  private boolean discarding;
  private long discarded;

  RequestDecoder(Limits limits) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.maxRequestLineBytes())
            .setMaxHeaderSize(limits.maxHeaderBytes())
            .setMaxChunkSize(MAX_CONTENT_BYTES)
            .setAllowPartialChunks(true)
            .setAllowDuplicateContentLengths(false)
            .setValidateHeaders(true)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    sawBytes = true;
    if (discarding) {
      if (message instanceof ByteBuf bytes) {
        discarded += bytes.readableBytes();
      }
      ReferenceCountUtil.release(message);
      return;
    }
    super.channelRead(ctx, message);
  }

  /// Netty would drop the Content-Length and go on.
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Transfer-Encoding and Content-Length");
  }

  /// Whether bytes came since this was asked last.
  boolean takeSawBytes() {
    boolean saw = sawBytes;
    sawBytes = false;
    return saw;
  }

  /// From now on bytes are thrown away undecoded.
  void discardAll() {
    discarding = true;
  }

  /// Bytes thrown away so far.
  long discarded() {
    return discarded;
  }
}
