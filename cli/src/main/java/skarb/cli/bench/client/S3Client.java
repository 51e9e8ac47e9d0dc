package skarb.cli.bench.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import skarb.cli.bench.client.HttpConnection.Answer;

/// Speaks S3, path style. Keys are of letters that need no escapes.
final class S3Client implements StoreClient {
  private final HttpConnection connection;
  private final String host;
  private final String bucketPath;
  private final SigV4 signer;
  private final S3Clients.Payload payload;

  S3Client(
      HttpConnection connection,
      String host,
      String bucket,
      SigV4 signer,
      S3Clients.Payload payload) {
    this.connection = connection;
    this.host = host;
    this.bucketPath = "/" + bucket;
    this.signer = signer;
    this.payload = payload;
  }

  @Override
  public boolean createBucket() throws IOException {
    Answer found = send("HEAD", bucketPath, "");
    if (found.isSuccess()) {
      return false;
    }
    if (found.status() != 404) {
      // An answer to HEAD does not say why; this one does.
      discard(send("GET", bucketPath, "location="));
      checkWithoutBody(found);
    }
    discard(send("PUT", bucketPath, ""));
    return true;
  }

  @Override
  public void deleteBucket() throws IOException {
    discard(send("DELETE", bucketPath, ""));
  }

  @Override
  public void put(String key, Body body) throws IOException {
    discard(sendBody(path(key), "", body));
  }

  @Override
  public Download get(String key, boolean checksum) throws IOException {
    long start = System.nanoTime();
    Answer answer = send("GET", path(key), "");
    long firstByte = System.nanoTime() - start;
    check(answer);
    CRC32C crc = checksum ? new CRC32C() : null;
    long bytes = connection.skip(answer, crc);
    return new Download(bytes, firstByte, crc == null ? 0 : (int) crc.getValue());
  }

  @Override
  public void head(String key) throws IOException {
    checkWithoutBody(send("HEAD", path(key), ""));
  }

  @Override
  public void delete(String key) throws IOException {
    discard(send("DELETE", path(key), ""));
  }

  @Override
  public void deleteBatch(List<String> keys) throws IOException {
    StringBuilder xml = new StringBuilder(64 * keys.size());
    xml.append("<Delete><Quiet>true</Quiet>");
    for (String key : keys) {
      xml.append("<Object><Key>").append(key).append("</Key></Object>");
    }
    String answer = post(bucketPath, "delete=", xml.append("</Delete>").toString(), true);
    if (answer.contains("<Error>")) {
      throw new RequestFailedException(element(answer, "Code"), element(answer, "Message"));
    }
  }

  @Override
  public Page list(String prefix, String token) throws IOException {
    String query =
        (token.isEmpty() ? "" : "continuation-token=" + escaped(token) + "&")
            + "list-type=2&max-keys=1000&prefix="
            + escaped(prefix);
    Answer answer = send("GET", bucketPath, query);
    check(answer);
    String page = text(connection.document(answer));
    int keys = 0;
    for (int at = page.indexOf("<Key>"); at >= 0; at = page.indexOf("<Key>", at + 5)) {
      keys++;
    }
    return new Page(keys, element(page, "NextContinuationToken"));
  }

  @Override
  public String createUpload(String key) throws IOException {
    return element(post(path(key), "uploads=", "", false), "UploadId");
  }

  @Override
  public String uploadPart(String key, String uploadId, int number, Body body) throws IOException {
    Answer answer =
        sendBody(path(key), "partNumber=" + number + "&uploadId=" + escaped(uploadId), body);
    discard(answer);
    return answer.header("etag").replace("\"", "");
  }

  @Override
  public void completeUpload(String key, String uploadId, List<String> etags) throws IOException {
    StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
    for (int i = 0; i < etags.size(); i++) {
      xml.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>");
      xml.append(etags.get(i)).append("</ETag></Part>");
    }
    String answer =
        post(
            path(key),
            "uploadId=" + escaped(uploadId),
            xml.append("</CompleteMultipartUpload>").toString(),
            false);
    // A completion that fails late is an error in an answer of 200.
    if (answer.contains("<Error>")) {
      throw new RequestFailedException(element(answer, "Code"), element(answer, "Message"));
    }
  }

  @Override
  public void abortUpload(String key, String uploadId) throws IOException {
    discard(send("DELETE", path(key), "uploadId=" + escaped(uploadId)));
  }

  @Override
  public void close() {
    connection.close();
  }

  private String path(String key) {
    return bucketPath + "/" + key;
  }

  private Answer send(String method, String path, String query) throws IOException {
    boolean sends = !method.equals("GET") && !method.equals("HEAD");
    return connection.send(
        head(method, path, query, SigV4.EMPTY_HASH, "", sends ? 0 : -1), null, null);
  }

  private Answer sendBody(String path, String query, Body body) throws IOException {
    String hash = payload.isSigned(body.size()) ? body.sha256() : SigV4.UNSIGNED;
    return connection.send(head("PUT", path, query, hash, "", body.size()), body, null);
  }

  private String post(String path, String query, String xml, boolean withMd5) throws IOException {
    byte[] document = xml.getBytes(StandardCharsets.UTF_8);
    String md5 = withMd5 ? md5(document) : "";
    Answer answer =
        connection.send(
            head("POST", path, query, signer.hash(document), md5, document.length), null, document);
    check(answer);
    return text(connection.document(answer));
  }

  /// @param query canonical as it is: sorted and escaped
  /// @param md5 the `content-md5`; empty for none
  /// @param length the `content-length`; -1 for none
  private String head(
      String method, String path, String query, String hash, String md5, long length) {
    String date = signer.amzDate();
    String signed = "host;x-amz-content-sha256;x-amz-date";
    String md5Line = "";
    if (!md5.isEmpty()) {
      signed = "content-md5;" + signed;
      md5Line = "content-md5:" + md5 + "\n";
    }
    String canonical =
        method
            + "\n"
            + path
            + "\n"
            + query
            + "\n"
            + md5Line
            + "host:"
            + host
            + "\nx-amz-content-sha256:"
            + hash
            + "\nx-amz-date:"
            + date
            + "\n\n"
            + signed
            + "\n"
            + hash;
    StringBuilder head = new StringBuilder(512);
    head.append(method).append(' ').append(path);
    if (!query.isEmpty()) {
      head.append('?').append(query);
    }
    head.append(" HTTP/1.1\r\nhost: ").append(host);
    if (length >= 0) {
      head.append("\r\ncontent-length: ").append(length);
    }
    if (!md5.isEmpty()) {
      head.append("\r\ncontent-md5: ").append(md5);
    }
    head.append("\r\nx-amz-date: ").append(date);
    head.append("\r\nx-amz-content-sha256: ").append(hash);
    head.append("\r\nauthorization: ").append(signer.authorization(canonical, signed));
    return head.append("\r\n\r\n").toString();
  }

  private void discard(Answer answer) throws IOException {
    check(answer);
    connection.skip(answer, null);
  }

  /// Lets success pass. Answers to HEAD have no body, whatever their head says.
  private static void checkWithoutBody(Answer answer) throws IOException {
    if (!answer.isSuccess()) {
      throw new RequestFailedException("HTTP " + answer.status(), "");
    }
  }

  /// Lets success pass, its body unread.
  private void check(Answer answer) throws IOException {
    if (answer.isSuccess()) {
      return;
    }
    String body = text(connection.document(answer));
    String code = element(body, "Code");
    throw new RequestFailedException(
        code.isEmpty() ? "HTTP " + answer.status() : code, element(body, "Message"));
  }

  private static String element(String xml, String name) {
    int start = xml.indexOf("<" + name + ">");
    int end = start < 0 ? -1 : xml.indexOf("</" + name + ">", start);
    return end < 0 ? "" : xml.substring(start + name.length() + 2, end);
  }

  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }

  private static String md5(byte[] document) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(document));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  private static String escaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 16);
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(String.format("%02X", (int) c));
      }
    }
    return escaped.toString();
  }
}
