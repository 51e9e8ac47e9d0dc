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
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.RequestBody;
import skarb.s3.route.RequestHead;

/// From Netty's request to ours, and what HTTP itself demands of one.
final class Heads {
  private static final Pattern METHOD = Pattern.compile("[A-Za-z][A-Za-z-]{0,31}");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~!$&'()*+;=%-]*|\\[[0-9A-Fa-f:.]+])(:[0-9]{0,5})?");

  /// No blanks, no control characters, no fragment.
  private static final Pattern TARGET = Pattern.compile("[!-~\\x80-\\xFF&&[^#]]+");

  private static final Pattern WHOLE_URL =
      Pattern.compile("https?://([^/?]+)(.*)", Pattern.CASE_INSENSITIVE);

  /// Well-formed, and known to HTTP, but not spoken here.
  private static final Pattern COMPRESSED =
      Pattern.compile(
          "(x-)?(gzip|compress|deflate)[ \\t]*,[ \\t]*chunked", Pattern.CASE_INSENSITIVE);

  /// What proxies must leave as it is.
  private static final Set<String> FRAMING =
      Set.of("authorization", "content-length", "host", "transfer-encoding");

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
    String method = request.method().name();
    if (!METHOD.matcher(method).matches()) {
      throw bad("That is no method.");
    }
    Map<String, List<String>> headers = headers(request.headers());
    Optional<String> host = host(headers, old);
    refuseHopByHop(headers);
    String target = originForm(request.uri(), host);
    int question = target.indexOf('?');
    RequestHead head =
        new RequestHead(
            method,
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

  private static Optional<String> host(Map<String, List<String>> headers, boolean old) {
    List<String> hosts = headers.getOrDefault("host", List.of());
    if (hosts.size() > 1 || (hosts.isEmpty() && !old)) {
      throw bad("A request has one Host header.");
    }
    Optional<String> host = hosts.stream().findFirst();
    if (host.isPresent() && !HOST.matcher(host.get()).matches()) {
      throw bad("Host is a name or an address, and perhaps a port.");
    }
    return host;
  }

  /// What a request is framed by cannot be for the next hop alone: a proxy that took it out would
  /// read another request than the one behind it.
  private static void refuseHopByHop(Map<String, List<String>> headers) {
    for (String value : headers.getOrDefault("connection", List.of())) {
      for (String option : value.split(",", -1)) {
        if (FRAMING.contains(option.strip().toLowerCase(Locale.ROOT))) {
          throw bad("Connection cannot name " + option.strip() + ".");
        }
      }
    }
  }

  /// A target may be a whole URL, of the host that the header names too.
  private static String originForm(String target, Optional<String> host) {
    if (!TARGET.matcher(target).matches()) {
      throw bad("The target holds what no target can.");
    }
    if (target.startsWith("/")) {
      return target;
    }
    Matcher whole = WHOLE_URL.matcher(target);
    if (!whole.matches()) {
      throw new S3Exception(S3Error.INVALID_URI);
    }
    if (host.isPresent() && !host.get().equalsIgnoreCase(whole.group(1))) {
      throw bad("The target and the Host header name different hosts.");
    }
    String path = whole.group(2);
    return path.startsWith("/") ? path : '/' + path;
  }

  private static long bodyLength(Map<String, List<String>> headers, boolean old) {
    List<String> encodings = headers.getOrDefault("transfer-encoding", List.of());
    List<String> lengths = headers.getOrDefault("content-length", List.of());
    if (!encodings.isEmpty()) {
      if (old || !lengths.isEmpty() || encodings.size() > 1) {
        throw bad("Contradictory Transfer-Encoding.");
      }
      String encoding = encodings.getFirst();
      if (COMPRESSED.matcher(encoding).matches()) {
        throw new S3Exception(S3Error.NOT_IMPLEMENTED);
      }
      if (!encoding.equalsIgnoreCase("chunked")) {
        throw bad("Transfer-Encoding is chunked or nothing.");
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
