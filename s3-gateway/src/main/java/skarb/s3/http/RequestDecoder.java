package skarb.s3.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/// Netty's decoder at its strictest and a little beyond, since what two servers read differently
/// smuggles requests past one of them. Beyond: between the words of a request line is one space,
/// the version is written as HTTP writes it, and no header line is folded. For its connection's
/// event loop.
final class RequestDecoder extends HttpRequestDecoder {
  private static final int MAX_CONTENT_BYTES = 256 * 1024;

  private boolean sawBytes;
  private boolean discarding;
  private long discarded;

  /// What is being decoded; where header lines are expected, it stands at the beginning of one.
  private ByteBuf input = Unpooled.EMPTY_BUFFER;

  /// Whether the request line was read and the end of the header lines was not.
  private boolean inHeaders;

  private boolean broken;
  private int wordEnd;

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

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (broken) {
      buffer.skipBytes(buffer.readableBytes());
      return;
    }
    if (inHeaders && foldsLine(buffer)) {
      broken = true;
      HttpMessage none = createInvalidMessage();
      none.setDecoderResult(DecoderResult.failure(folded()));
      buffer.skipBytes(buffer.readableBytes());
      out.add(none);
      return;
    }
    int before = out.size();
    input = buffer;
    super.decode(ctx, buffer, out);
    inHeaders &= out.size() == before;
  }

  // The next four are how Netty takes a request line apart, in this order. What they throw makes
  // the request an invalid one.

  @Override
  protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
    if (start != 0) {
      throw new IllegalArgumentException("blanks before a request line");
    }
    wordEnd = start + length;
    return super.splitFirstWordInitialLine(line, start, length);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
    nextWord(line, start, length);
    return super.splitSecondWordInitialLine(line, start, length);
  }

  /// Netty would take the version in any case.
  @Override
  protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
    nextWord(line, start, length);
    if (length == 0 || line[start] != 'H') {
      throw new IllegalArgumentException("no version of HTTP");
    }
    return super.splitThirdWordInitialLine(line, start, length);
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) throws Exception {
    HttpMessage message = super.createMessage(initialLine);
    if (foldsLine(input)) {
      throw folded();
    }
    inHeaders = true;
    return message;
  }

  private void nextWord(byte[] line, int start, int length) {
    if (start != wordEnd + 1 || line[wordEnd] != ' ') {
      throw new IllegalArgumentException("not one space in a request line");
    }
    wordEnd = start + length;
  }

  /// Whether one of the header lines that have come begins with a blank: Netty would make it a part
  /// of the one before, others take it for one of its own.
  private static boolean foldsLine(ByteBuf lines) {
    int end = lines.writerIndex();
    int start = lines.readerIndex();
    while (start < end) {
      byte first = lines.getByte(start);
      if (first == ' ' || first == '\t') {
        return true;
      }
      if (first == '\r' || first == '\n') {
        return false; // The empty line: what follows is no header's.
      }
      int feed = lines.indexOf(start, end, (byte) '\n');
      start = feed < 0 ? end : feed + 1;
    }
    return false;
  }

  private static IllegalArgumentException folded() {
    return new IllegalArgumentException("a folded header line");
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
