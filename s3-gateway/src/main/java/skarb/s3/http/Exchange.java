package skarb.s3.http;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.s3.http.Heads.Head;
import skarb.s3.ops.ConnectionLostException;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.XmlWriter;

/// One request and its answer, on a virtual thread of its own. The answer is written as fast as the
/// client takes it and no faster: what waits in the channel is bounded by its high-water mark and
/// one more answer or frame.
///
/// An answer that has begun and cannot be finished is never silently short: the connection is cut.
final class Exchange implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  /// Up to here head and body go out in one buffer: a copy is cheaper than a second write.
  private static final int COPIED_BYTES = 16 * 1024;

  private static final int HEAD_BYTES = 768;
  private static final ByteString SPACE = ByteString.copyFromUtf8(" ");
  private static final byte[] CRLF = "\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Connection connection;
  private final Channel channel;
  private final Service service;
  private final ResponseHead heads;
  private final Limits limits;
  private final Head head;
  private final BodyQueue body;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();

  Exchange(
      Connection connection,
      Channel channel,
      Service service,
      ResponseHead heads,
      Limits limits,
      Head head,
      BodyQueue body) {
    this.connection = connection;
    this.channel = channel;
    this.service = service;
    this.heads = heads;
    this.limits = limits;
    this.head = head;
    this.body = body;
  }

  @Override
  public void run() {
    try {
      S3Response response = service.serve(head.request(), body);
      body.releaseCurrent();
      send(response);
    } catch (ConnectionLostException e) {
      LOG.debug("{}: {}", head.request().requestId(), e.getMessage());
      cut();
    } catch (RuntimeException | Error e) {
      LOG.warn("request {}: its answer was cut", head.request().requestId(), e);
      cut();
    }
  }

  /// The channel may have become writable, or closed. From the event loop.
  void wake() {
    lock.lock();
    try {
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void send(S3Response response) {
    boolean toHead = head.request().method().equals("HEAD");
    if (response.body() instanceof S3Response.Body.Stream stream && !toHead) {
      try (S3Response.FrameSource source = stream.source()) {
        sendStream(response, stream.length(), source);
      }
      return;
    }
    if (response.body() instanceof S3Response.Body.Late late) {
      try (S3Response.LateDocument document = late.document()) {
        sendLate(response, document);
      }
      return;
    }
    // Pipelined requests of a client that does not read would pile up their answers otherwise.
    awaitWritable();
    boolean keep = keep();
    ByteBuf bytes = encodeHead(response, toHead, keep);
    if (response.body() instanceof S3Response.Body.Bytes whole && !toHead) {
      ByteString content = whole.content();
      if (content.size() <= COPIED_BYTES) {
        bytes.writeBytes(content.asReadOnlyByteBuffer());
      } else {
        var _ = channel.write(bytes, channel.voidPromise());
        bytes = wrap(content);
      }
    }
    finish(bytes, keep);
  }

  private void sendStream(S3Response response, long length, S3Response.FrameSource source) {
    // Nothing is written before the first frame is there and right.
    ByteString frame = source.next();
    boolean keep = keep();
    var _ = channel.write(encodeHead(response, false, keep), channel.voidPromise());
    long sent = 0;
    while (frame != null) {
      sent += frame.size();
      if (sent > length) {
        throw new IllegalStateException("more than the " + length + " bytes that were promised");
      }
      awaitWritable();
      var _ = channel.writeAndFlush(wrap(frame), channel.voidPromise());
      frame = source.next();
    }
    if (sent < length) {
      throw new IllegalStateException(sent + " of " + length + " bytes");
    }
    finish(Unpooled.EMPTY_BUFFER, keep);
  }

  /// An XML declaration may follow nothing, not even a space: it goes first, by itself.
  private void sendLate(S3Response response, S3Response.LateDocument source) {
    if (head.oldProtocol()) {
      send(response.body(new S3Response.Body.Bytes(awaitWhole(source)))); // It knows no chunks.
      return;
    }
    awaitWritable();
    boolean keep = keep();
    var _ = channel.write(encodeHead(response, false, keep), channel.voidPromise());
    var _ = channel.writeAndFlush(chunk(XmlWriter.DECLARATION), channel.voidPromise());
    ByteString document = source.await();
    while (document == null) {
      awaitWritable();
      var _ = channel.writeAndFlush(chunk(SPACE), channel.voidPromise());
      document = source.await();
    }
    awaitWritable();
    ByteBuf last = chunk(document.substring(XmlWriter.DECLARATION.size()));
    finish(last.writeBytes(LAST_CHUNK), keep);
  }

  private static ByteString awaitWhole(S3Response.LateDocument source) {
    ByteString document = null;
    while (document == null) {
      document = source.await();
    }
    return document;
  }

  private ByteBuf chunk(ByteString content) {
    ByteBuf bytes = channel.alloc().buffer(content.size() + 32);
    bytes.writeCharSequence(Integer.toHexString(content.size()), StandardCharsets.US_ASCII);
    return bytes.writeBytes(CRLF).writeBytes(content.asReadOnlyByteBuffer()).writeBytes(CRLF);
  }

  private boolean keep() {
    return head.keepAlive() && body.canBeSkipped() && !connection.draining();
  }

  private ByteBuf encodeHead(S3Response response, boolean toHead, boolean keep) {
    ByteBuf bytes = channel.alloc().buffer(HEAD_BYTES + smallSize(response, toHead));
    ResponseHead.Connection next =
        !keep
            ? ResponseHead.Connection.CLOSE
            : head.oldProtocol() ? ResponseHead.Connection.SAY_KEEP : ResponseHead.Connection.KEEP;
    heads.write(bytes, response, toHead, head.request().requestId(), next);
    return bytes;
  }

  private static int smallSize(S3Response response, boolean toHead) {
    return response.body() instanceof S3Response.Body.Bytes bytes
            && !toHead
            && bytes.content().size() <= COPIED_BYTES
        ? bytes.content().size()
        : 0;
  }

  private void awaitWritable() {
    if (channel.isWritable()) {
      return;
    }
    long left = limits.writeTimeout().toNanos();
    lock.lock();
    try {
      while (!channel.isWritable()) {
        if (!channel.isActive()) {
          throw new ConnectionLostException("the client went away during its answer");
        }
        if (left <= 0) {
          throw new ConnectionLostException("the client takes no bytes");
        }
        left = woken.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("interrupted during an answer");
    } finally {
      lock.unlock();
    }
  }

  private void finish(ByteBuf last, boolean keep) {
    try {
      channel.eventLoop().execute(() -> connection.finish(last, keep));
    } catch (RejectedExecutionException e) {
      last.release();
      throw new ConnectionLostException("the gateway was closed during an answer");
    }
  }

  private void cut() {
    body.releaseCurrent();
    try {
      channel.eventLoop().execute(connection::cut);
    } catch (RejectedExecutionException e) {
      LOG.debug("{}: the gateway was closed", head.request().requestId());
    }
  }

  private static ByteBuf wrap(ByteString bytes) {
    return Unpooled.wrappedBuffer(bytes.asReadOnlyByteBuffer());
  }
}
