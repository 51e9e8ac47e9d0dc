package skarb.s3.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.RequestBody;
import skarb.s3.route.RequestHead;

/// From Netty's request to ours, and what HTTP itself demands of one.
final class Heads {
  private Heads() {}

  /// A head that HTTP finds in order.
  ///
  /// @param bodyLength from Content-Length; 0 for none, [RequestBody#UNKNOWN] with chunks
  /// @param expectsContinue whether the client waits for `100 Continue`
  /// @param keepAlive whether the client means to send more on the connection
  /// @param oldProtocol whether it speaks HTTP/1.0
  record Head(
      RequestHead request,
      long bodyLength,
      boolean expectsContinue,
      boolean keepAlive,
      boolean oldProtocol) {}

  /// Checks and converts a request.
  ///
  /// @throws S3Exception for what is no request of HTTP/1.1, after which the connection cannot go
  ///   on
  static Head read(HttpRequest request, String remoteAddress, boolean secure, String requestId) {
    refuseUndecoded(request.decoderResult());
    HttpVersion version = request.protocolVersion();
    boolean old = version.equals(HttpVersion.HTTP_1_0);
    if (!old && !version.equals(HttpVersion.HTTP_1_1)) {
      throw bad("Only HTTP/1.1 is spoken here.");
    }
    Map<String, List<String>> headers = headers(request.headers());
    int hosts = headers.getOrDefault("host", List.of()).size();
    if (hosts > 1 || (hosts == 0 && !old)) {
      throw bad("A request has one Host header.");
    }
    String target = originForm(request.uri());
    int question = target.indexOf('?');
    RequestHead head =
        new RequestHead(
            request.method().name(),
            question < 0 ? target : target.substring(0, question),
            question < 0 ? "" : target.substring(question + 1),
            headers,
            remoteAddress,
            secure,
            requestId);
    return new Head(
        head,
        bodyLength(headers, old),
        expectsContinue(headers, old),
        keepAlive(headers, old),
        old);
  }

  private static void refuseUndecoded(DecoderResult result) {
    if (!result.isFailure()) {
      return;
    }
    if (result.cause() instanceof TooLongHttpLineException) {
      throw new S3Exception(S3Error.REQUEST_URI_TOO_LONG);
    }
    if (result.cause() instanceof TooLongFrameException) {
      throw new S3Exception(S3Error.REQUEST_HEADER_SECTION_TOO_LARGE);
    }
    throw new S3Exception(S3Error.BAD_REQUEST);
  }

  /// Values as they came: Netty gives a character for each byte, and signatures are over bytes.
  private static Map<String, List<String>> headers(HttpHeaders from) {
    Map<String, List<String>> headers = LinkedHashMap.newLinkedHashMap(from.size());
    Iterator<Map.Entry<CharSequence, CharSequence>> entries = from.iteratorCharSequence();
    while (entries.hasNext()) {
      Map.Entry<CharSequence, CharSequence> entry = entries.next();
      String name = entry.getKey().toString().toLowerCase(Locale.ROOT);
      String value = entry.getValue().toString();
      List<String> before = headers.get(name);
      if (before == null) {
        headers.put(name, List.of(value));
      } else {
        List<String> all = new ArrayList<>(before);
        all.add(value);
        headers.put(name, all);
      }
    }
    return headers;
  }

  /// A target may be a whole URL, whose host does not matter here.
  private static String originForm(String target) {
    if (target.startsWith("/")) {
      return target;
    }
    int scheme = target.indexOf("://");
    if (scheme != 4 && scheme != 5) {
      throw new S3Exception(S3Error.INVALID_URI);
    }
    int path = target.indexOf('/', scheme + 3);
    return path < 0 ? "/" : target.substring(path);
  }

  private static long bodyLength(Map<String, List<String>> headers, boolean old) {
    List<String> encodings = headers.getOrDefault("transfer-encoding", List.of());
    List<String> lengths = headers.getOrDefault("content-length", List.of());
    if (!encodings.isEmpty()) {
      if (old || !lengths.isEmpty() || encodings.size() > 1) {
        throw bad("Contradictory Transfer-Encoding.");
      }
      if (!encodings.getFirst().equalsIgnoreCase("chunked")) {
        throw new S3Exception(S3Error.NOT_IMPLEMENTED);
      }
      return RequestBody.UNKNOWN;
    }
    if (lengths.isEmpty()) {
      return 0;
    }
    return contentLength(lengths)
        .orElseThrow(() -> bad("Content-Length is a single number of digits."));
  }

  private static Optional<Long> contentLength(List<String> values) {
    String text = values.getFirst();
    if (values.size() > 1 || text.isEmpty() || text.length() > 18) {
      return Optional.empty();
    }
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return Optional.empty();
      }
      length = length * 10 + digit;
    }
    return Optional.of(length);
  }

  private static boolean expectsContinue(Map<String, List<String>> headers, boolean old) {
    List<String> values = headers.getOrDefault("expect", List.of());
    if (values.isEmpty() || old) {
      return false;
    }
    if (values.size() > 1 || !values.getFirst().equalsIgnoreCase("100-continue")) {
      throw bad("Only 100-continue can be expected.");
    }
    return true;
  }

  private static boolean keepAlive(Map<String, List<String>> headers, boolean old) {
    boolean keep = !old;
    for (String value : headers.getOrDefault("connection", List.of())) {
      String lower = value.toLowerCase(Locale.ROOT);
      if (lower.contains("close")) {
        return false;
      }
      keep |= lower.contains("keep-alive");
    }
    return keep;
  }

  private static S3Exception bad(String message) {
    return new S3Exception(S3Error.BAD_REQUEST, message);
  }
}
