package skarb.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An HTTP client that sends what it is told, byte for byte, and reads answers strictly. Text is
/// one byte a character.
final class HttpClientSocket implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  /// An answer.
  record Answer(int status, List<String> headers, String body) {
    /// The value of a header, by its name in any case.
    Optional<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ": ";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()))
          .findFirst();
    }

    /// The Code of an error document.
    String code() {
      int start = body.indexOf("<Code>");
      return start < 0 ? "" : body.substring(start + 6, body.indexOf("</Code>"));
    }
  }

  HttpClientSocket(InetSocketAddress address) {
    try {
      socket = new Socket(address.getAddress(), address.getPort());
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends text, line feeds as CRLF.
  HttpClientSocket send(String text) {
    return sendRaw(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  HttpClientSocket sendRaw(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads an answer to anything but HEAD.
  Answer answer() {
    return answer(false);
  }

  /// Reads an answer to HEAD.
  Answer answerToHead() {
    return answer(true);
  }

  private Answer answer(boolean toHead) {
    try {
      String statusLine = line();
      if (!statusLine.startsWith("HTTP/1.1 ")) {
        throw new IOException("no answer but: " + statusLine);
      }
      int status = Integer.parseInt(statusLine.substring(9, 12));
      List<String> headers = new ArrayList<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        headers.add(line);
      }
      Answer head = new Answer(status, headers, "");
      if (head.header("transfer-encoding").isPresent()) {
        return new Answer(status, headers, chunks());
      }
      int length =
          toHead || status == 100 ? 0 : Integer.parseInt(head.header("content-length").orElse("0"));
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new IOException("cut after " + body.length + " of " + length + " bytes");
      }
      return new Answer(status, headers, new String(body, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads chunks to the last.
  String chunks() throws IOException {
    StringBuilder body = new StringBuilder();
    while (true) {
      int length = Integer.parseInt(line(), 16);
      byte[] chunk = in.readNBytes(length);
      if (chunk.length < length || !line().isEmpty()) {
        throw new IOException("a broken chunk of " + length);
      }
      if (length == 0) {
        return body.toString();
      }
      body.append(new String(chunk, StandardCharsets.ISO_8859_1));
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("closed after: " + line.toString(StandardCharsets.ISO_8859_1));
      }
      if (b == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(b);
    }
  }

  /// Whether the server has closed the connection; waits for what it does next.
  boolean isClosed() {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  /// Bytes that can be read at once.
  InputStream stream() {
    return in;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
