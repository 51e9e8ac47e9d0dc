package skarb.s3.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import skarb.s3.headers.HttpDate;
import skarb.s3.ops.S3Response;

/// Writes the head of an answer as bytes, with the headers that every answer has. What HTTP does
/// not allow in a value (a stored one may hold anything) becomes a space, so that no value can end
/// its header. Safe for many threads.
final class ResponseHead {
  private static final byte[] HTTP = ascii("HTTP/1.1 ");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] COLON = ascii(": ");
  private static final byte[] REQUEST_ID = ascii("x-amz-request-id: ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");

  private final InstantSource clock;
  private final byte[] fixed;
  private volatile DateLine date = new DateLine(Long.MIN_VALUE, new byte[0]);

  /// The Date header of one second.
  @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
  private record DateLine(long second, byte[] bytes) {}

  ResponseHead(InstantSource clock, String hostId) {
    this.clock = clock;
    this.fixed = ascii("Server: Skarb\r\nx-amz-id-2: " + hostId + "\r\n");
  }

  /// How the connection goes on.
  enum Connection {
    /// As HTTP/1.1 has it, without a word.
    KEEP,
    /// As HTTP/1.0 wants it said.
    SAY_KEEP,
    /// Not at all.
    CLOSE
  }

  /// Appends the head.
  void write(
      ByteBuf out, S3Response response, boolean toHead, String requestId, Connection connection) {
    out.writeBytes(HTTP);
    number(out, response.status());
    out.writeByte(' ');
    text(out, reason(response.status()));
    out.writeBytes(CRLF);
    out.writeBytes(REQUEST_ID);
    text(out, requestId);
    out.writeBytes(CRLF);
    out.writeBytes(fixed);
    out.writeBytes(dateLine());
    switch (connection) {
      case KEEP -> {}
      case SAY_KEEP -> out.writeBytes(KEEP_ALIVE);
      case CLOSE -> out.writeBytes(CLOSE);
    }
    contentLength(out, response, toHead);
    List<String> headers = response.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      text(out, headers.get(i));
      out.writeBytes(COLON);
      text(out, headers.get(i + 1));
      out.writeBytes(CRLF);
    }
    out.writeBytes(CRLF);
  }

  private static void contentLength(ByteBuf out, S3Response response, boolean toHead) {
    boolean never = response.status() == 204 || response.status() == 304;
    long length =
        switch (response.body()) {
          case S3Response.Body.None none -> never || toHead ? -1 : 0;
          case S3Response.Body.LengthOnly only -> only.length();
          // An error answered to HEAD: no body, and its length would be that of another request.
          case S3Response.Body.Bytes bytes -> never || toHead ? -1 : bytes.content().size();
          case S3Response.Body.Stream stream -> stream.length();
          case S3Response.Body.Late late -> -1;
        };
    if (response.body() instanceof S3Response.Body.Late) {
      out.writeBytes(CHUNKED);
    }
    if (length >= 0) {
      out.writeBytes(CONTENT_LENGTH);
      number(out, length);
      out.writeBytes(CRLF);
    }
  }

  private byte[] dateLine() {
    Instant now = clock.instant();
    DateLine line = date;
    if (line.second() != now.getEpochSecond()) {
      line = new DateLine(now.getEpochSecond(), ascii("Date: " + HttpDate.format(now) + "\r\n"));
      date = line;
    }
    return line.bytes();
  }

  private static void text(ByteBuf out, String text) {
    int start = out.writerIndex();
    out.ensureWritable(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7E) {
        out.writerIndex(start);
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        replaceControls(out, start);
        return;
      }
      out.writeByte(c < ' ' && c != '\t' ? ' ' : c);
    }
  }

  private static void replaceControls(ByteBuf out, int start) {
    ByteProcessor isPlain = b -> (b & 0xFF) >= ' ' && b != 0x7F;
    int at = start;
    while ((at = out.forEachByte(at, out.writerIndex() - at, isPlain)) >= 0) {
      out.setByte(at, ' ');
      at++;
    }
  }

  private static void number(ByteBuf out, long value) {
    text(out, Long.toString(value));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 204 -> "No Content";
      case 206 -> "Partial Content";
      case 301 -> "Moved Permanently";
      case 304 -> "Not Modified";
      case 307 -> "Temporary Redirect";
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 411 -> "Length Required";
      case 412 -> "Precondition Failed";
      case 414 -> "URI Too Long";
      case 416 -> "Range Not Satisfiable";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 503 -> "Service Unavailable";
      case 507 -> "Insufficient Storage";
      default -> "Status";
    };
  }
}
