package skarb.cli.bench.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One connection of HTTP/1.1 that is kept open: a request, then its answer. Blocking, on the
/// calling thread, from and into buffers outside the heap: one system call each way for a small
/// object. Understands what S3 servers answer, not all of HTTP.
final class HttpConnection {
  private static final int READ_BYTES = 256 * 1024;
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final long MAX_DOCUMENT_BYTES = 64L << 20;

  private final InetSocketAddress address;
  private final ByteBuffer out = ByteBuffer.allocateDirect(MAX_HEAD_BYTES);
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES).limit(0);
  private volatile @Nullable SocketChannel channel;
  private volatile boolean closed;

  HttpConnection(InetSocketAddress address) {
    this.address = address;
  }

  /// The head of an answer.
  ///
  /// @param status the code
  /// @param head all of it
  record Answer(int status, String head) {
    /// A header's value; empty where there is none.
    String header(String lowerCaseName) {
      int at = head.indexOf("\r\n");
      while (at >= 0 && at + 2 < head.length()) {
        int line = at + 2;
        int colon = line + lowerCaseName.length();
        if (head.regionMatches(true, line, lowerCaseName, 0, lowerCaseName.length())
            && colon < head.length()
            && head.charAt(colon) == ':') {
          int end = head.indexOf("\r\n", colon);
          return head.substring(colon + 1, end < 0 ? head.length() : end).strip();
        }
        at = head.indexOf("\r\n", line);
      }
      return "";
    }

    boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    private boolean isChunked() {
      return header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
    }

    private long contentLength() throws IOException {
      String length = header("content-length");
      try {
        return length.isEmpty() ? 0 : Long.parseLong(length);
      } catch (NumberFormatException e) {
        throw new IOException("a content-length that is no number: " + length, e);
      }
    }

    private boolean closes() {
      return header("connection").equalsIgnoreCase("close");
    }
  }

  /// Sends a request and reads the head of its answer. A document or body of the answer must then
  /// be read too.
  ///
  /// @param head request line and headers with the blank line
  /// @param body follows it; null for none
  Answer send(String head, @Nullable Body body, byte @Nullable [] document) throws IOException {
    SocketChannel connected = connected();
    try {
      write(connected, head, body, document);
    } catch (IOException e) {
      return answerInSpiteOf(connected, e);
    }
    return readHead(connected);
  }

  private static void putAscii(ByteBuffer buffer, String text) {
    buffer.put(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void write(
      SocketChannel connected, String head, @Nullable Body body, byte @Nullable [] document)
      throws IOException {
    out.clear();
    putAscii(out, head);
    out.flip();
    ByteBuffer first = ByteBuffer.allocate(0);
    if (document != null) {
      first = ByteBuffer.wrap(document);
    } else if (body != null && body.pieces() > 0) {
      first = body.piece(0);
    }
    ByteBuffer[] both = {out, first};
    while (both[0].hasRemaining() || both[1].hasRemaining()) {
      connected.write(both);
    }
    for (int i = 1; body != null && i < body.pieces(); i++) {
      ByteBuffer piece = body.piece(i);
      while (piece.hasRemaining()) {
        connected.write(piece);
      }
    }
  }

  /// A server that refuses a body may answer and close before it has come: the answer says more
  /// than the broken pipe.
  private Answer answerInSpiteOf(SocketChannel connected, IOException broken) throws IOException {
    try {
      Answer answer = readHead(connected);
      if (!answer.isSuccess()) {
        return answer;
      }
    } catch (IOException e) {
      broken.addSuppressed(e);
    }
    drop();
    throw broken;
  }

  private Answer readHead(SocketChannel connected) throws IOException {
    try {
      int end = headEnd(0);
      while (end < 0) {
        int searched = Math.max(0, in.remaining() - 3);
        if (in.remaining() >= MAX_HEAD_BYTES) {
          throw new IOException("an answer's head over " + MAX_HEAD_BYTES + " bytes");
        }
        fill(connected);
        end = headEnd(searched);
      }
      byte[] bytes = new byte[end];
      in.get(bytes);
      String head = new String(bytes, StandardCharsets.ISO_8859_1);
      if (!head.startsWith("HTTP/1.1 ") || head.length() < 12) {
        throw new IOException("not an answer of HTTP/1.1");
      }
      int status = Integer.parseInt(head, 9, 12, 10);
      return status == 100 ? readHead(connected) : new Answer(status, head);
    } catch (NumberFormatException e) {
      drop();
      throw new IOException("not an answer of HTTP/1.1", e);
    } catch (IOException e) {
      drop();
      throw e;
    }
  }

  /// How many bytes of what is buffered are the head, its blank line included; -1: not all there.
  private int headEnd(int from) {
    for (int i = in.position() + from; i + 3 < in.limit(); i++) {
      if (in.get(i) == '\r'
          && in.get(i + 1) == '\n'
          && in.get(i + 2) == '\r'
          && in.get(i + 3) == '\n') {
        return i + 4 - in.position();
      }
    }
    return -1;
  }

  private void fill(SocketChannel connected) throws IOException {
    in.compact();
    int read = connected.read(in);
    in.flip();
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
  }

  /// Reads the rest of an answer and throws it away.
  ///
  /// @param crc takes the bytes; null for nobody
  /// @return how many bytes
  long skip(Answer answer, @Nullable CRC32C crc) throws IOException {
    if (answer.isChunked()) {
      return document(answer).length;
    }
    long length = answer.contentLength();
    SocketChannel connected = connected();
    try {
      for (long left = length; left > 0; ) {
        if (!in.hasRemaining()) {
          fill(connected);
        }
        int taken = (int) Math.min(left, in.remaining());
        if (crc != null) {
          crc.update(in.slice(in.position(), taken));
        }
        in.position(in.position() + taken);
        left -= taken;
      }
    } catch (IOException e) {
      drop();
      throw e;
    }
    finish(answer);
    return length;
  }

  /// Reads the rest of an answer.
  byte[] document(Answer answer) throws IOException {
    try {
      byte[] document = answer.isChunked() ? chunks() : bytes(answer.contentLength());
      finish(answer);
      return document;
    } catch (IOException e) {
      drop();
      throw e;
    }
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    while (true) {
      String line = line();
      int semicolon = line.indexOf(';');
      int size;
      try {
        size = Integer.parseInt(line, 0, semicolon < 0 ? line.length() : semicolon, 16);
      } catch (NumberFormatException e) {
        throw new IOException("a chunk without a size", e);
      }
      if (size == 0) {
        while (!line().isEmpty()) {
          // Trailers say nothing here.
        }
        return document.toByteArray();
      }
      if (document.size() + (long) size > MAX_DOCUMENT_BYTES) {
        throw new IOException("a document over " + MAX_DOCUMENT_BYTES + " bytes");
      }
      document.writeBytes(bytes(size));
      var _ = line();
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (!in.hasRemaining()) {
        fill(connected());
      }
      char c = (char) (in.get() & 0xFF);
      if (c == '\n') {
        return line.toString().strip();
      }
      line.append(c);
    }
  }

  private byte[] bytes(long length) throws IOException {
    if (length > MAX_DOCUMENT_BYTES) {
      throw new IOException("a document of " + length + " bytes");
    }
    byte[] bytes = new byte[(int) length];
    for (int at = 0; at < bytes.length; ) {
      if (!in.hasRemaining()) {
        fill(connected());
      }
      int taken = Math.min(bytes.length - at, in.remaining());
      in.get(bytes, at, taken);
      at += taken;
    }
    return bytes;
  }

  private void finish(Answer answer) throws IOException {
    if (answer.closes()) {
      drop();
    }
  }

  private SocketChannel connected() throws IOException {
    SocketChannel open = channel;
    if (open != null) {
      return open;
    }
    if (closed) {
      throw new IOException("the client is closed");
    }
    in.clear().limit(0);
    SocketChannel opened = SocketChannel.open(address);
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel = opened;
    return opened;
  }

  private void drop() throws IOException {
    SocketChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  /// For good. Any thread may; a request in flight then fails.
  void close() {
    closed = true;
    SocketChannel open = channel;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // Nothing is left to lose.
      }
    }
  }
}
