package skarb.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Requests of S3 written byte by byte and signed by a signer of its own, right or wrong in any one
/// place. Text is one byte a character. Paths and queries are given as signers canonicalise them.
final class RawS3 {
  static final String EMPTY_SHA256 =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int TIMEOUT_MILLIS = 30_000;

  private final InetSocketAddress address;
  private final String accessKey;
  private final String secretKey;

  /// A client that signs with this key unless a request says otherwise.
  RawS3(InetSocketAddress address, String accessKey, String secretKey) {
    this.address = address;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
  }

  /// What came back.
  record Answer(int status, List<String> headers, String body) {
    Optional<String> header(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return headers.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .findFirst();
    }

    /// The text of the first element of a name; empty where there is none.
    String element(String name) {
      int start = body.indexOf("<" + name + ">");
      int end = body.indexOf("</" + name + ">");
      return start < 0 || end < start ? "" : body.substring(start + name.length() + 2, end);
    }
  }

  Request request(String method, String target) {
    return new Request(method, target);
  }

  /// Sends bytes on a connection of their own and reads all answers until the server closes it or
  /// `count` have come.
  List<Answer> exchange(byte[] bytes, int count, boolean toHead) {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      List<Answer> answers = new ArrayList<>();
      while (answers.size() < count) {
        answers.add(read(in, toHead));
      }
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Answer read(InputStream in, boolean toHead) throws IOException {
    String status = line(in);
    List<String> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    Answer head = new Answer(Integer.parseInt(status.substring(9, 12)), headers, "");
    if (toHead || head.status() == 100) {
      return head;
    }
    int length = Integer.parseInt(head.header("content-length").orElse("0"));
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new IOException("cut after " + body.length + " of " + length + " bytes");
    }
    return new Answer(head.status(), headers, new String(body, StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed after: " + line.toString(StandardCharsets.ISO_8859_1));
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  /// One request. Everything is right until it is made wrong.
  final class Request {
    private final String method;
    private final String path;
    private final String query;
    private final Map<String, String> signed = new TreeMap<>();
    private final List<String> unsigned = new ArrayList<>();
    private byte[] body = new byte[0];
    private Optional<String> length = Optional.empty();
    private Optional<String> payload = Optional.empty();
    private Optional<String> expires = Optional.empty();
    private Instant time = Instant.now();
    private String key = accessKey;
    private String secret = secretKey;
    private String region = "us-east-1";
    private boolean anonymous;

    private Request(String method, String target) {
      this.method = method;
      int question = target.indexOf('?');
      path = question < 0 ? target : target.substring(0, question);
      query = question < 0 ? "" : target.substring(question + 1);
      signed.put("host", address.getHostString() + ":" + address.getPort());
    }

    /// A header that is signed, and sent once for each value.
    Request header(String name, String value) {
      signed.put(name.toLowerCase(Locale.ROOT), value);
      return this;
    }

    /// A line that is sent and not signed.
    Request unsigned(String line) {
      unsigned.add(line);
      return this;
    }

    Request body(String text) {
      return body(text.getBytes(StandardCharsets.UTF_8));
    }

    Request body(byte[] bytes) {
      body = bytes.clone();
      return this;
    }

    /// What Content-Length says; empty: no such header.
    Request length(String text) {
      length = Optional.of(text);
      return this;
    }

    /// What x-amz-content-sha256 says; empty: no such header.
    Request payload(String text) {
      payload = Optional.of(text);
      return this;
    }

    Request at(Instant instant) {
      time = instant;
      return this;
    }

    Request key(String id, String itsSecret) {
      key = id;
      secret = itsSecret;
      return this;
    }

    Request region(String name) {
      region = name;
      return this;
    }

    Request anonymous() {
      anonymous = true;
      return this;
    }

    /// Signed in the query, for as many seconds.
    Request presigned(String seconds) {
      expires = Optional.of(seconds);
      return this;
    }

    Answer ask() {
      return exchange(bytes(), 1, method.equals("HEAD")).getFirst();
    }

    String line() {
      return method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }

    byte[] bytes() {
      String scope = TIME.format(time).substring(0, 8) + "/" + region + "/s3/aws4_request";
      String target = path + (query.isEmpty() ? "" : "?" + query);
      if (expires.isPresent() && !anonymous) {
        target = presignedTarget(scope, expires.get());
      } else if (!anonymous) {
        signHeaders(scope);
      } else if (payload.isPresent() && !payload.get().isEmpty()) {
        signed.put("x-amz-content-sha256", payload.get());
      }
      StringBuilder head =
          new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
      signed.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      unsigned.forEach(line -> head.append(line + "\r\n"));
      String sent = length.orElse(Integer.toString(body.length));
      if (!sent.isEmpty()) {
        head.append("Content-Length: " + sent + "\r\n");
      }
      byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
      byte[] all = Arrays.copyOf(headBytes, headBytes.length + body.length);
      System.arraycopy(body, 0, all, headBytes.length, body.length);
      return all;
    }

    private void signHeaders(String scope) {
      signed.put("x-amz-date", TIME.format(time));
      String hash = payload.orElseGet(() -> sha256(body));
      if (!hash.isEmpty()) {
        signed.put("x-amz-content-sha256", hash);
      }
      String names = String.join(";", signed.keySet());
      String signature = signature(scope, canonicalQuery(query), names, hash);
      unsigned.add(
          "Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
              .formatted(key, scope, names, signature));
    }

    private String presignedTarget(String scope, String seconds) {
      String names = String.join(";", signed.keySet());
      String all =
          canonicalQuery(
              (query.isEmpty() ? "" : query + "&")
                  + "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
                  + key
                  + "%2F"
                  + scope.replace("/", "%2F")
                  + "&X-Amz-Date="
                  + TIME.format(time)
                  + "&X-Amz-Expires="
                  + seconds
                  + "&X-Amz-SignedHeaders="
                  + names.replace(";", "%3B"));
      return path
          + "?"
          + all
          + "&X-Amz-Signature="
          + signature(scope, all, names, "UNSIGNED-PAYLOAD");
    }

    private String signature(String scope, String canonicalQuery, String names, String hash) {
      StringBuilder canonical = new StringBuilder();
      canonical.append(method).append('\n').append(path).append('\n').append(canonicalQuery);
      canonical.append('\n');
      signed.forEach((name, value) -> canonical.append(name + ":" + value.strip() + "\n"));
      canonical.append('\n').append(names).append('\n').append(hash);
      String toSign =
          "AWS4-HMAC-SHA256\n"
              + TIME.format(time)
              + "\n"
              + scope
              + "\n"
              + sha256(canonical.toString().getBytes(StandardCharsets.ISO_8859_1));
      byte[] signing = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
      for (String part : scope.split("/", -1)) {
        signing = hmac(signing, part);
      }
      return HexFormat.of().formatHex(hmac(signing, toSign));
    }
  }

  private static String canonicalQuery(String query) {
    return query.isEmpty()
        ? ""
        : Arrays.stream(query.split("&", -1))
            .map(param -> param.contains("=") ? param : param + "=")
            .sorted()
            .collect(Collectors.joining("&"));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest("SHA-256", bytes));
  }

  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
