import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/// The AWS SDK for Java as client_matrix.py drives it: a line of tabs in, the client first, and `ok`, `none` or `fail` and what
/// it found out. Started from its source; the jars are those of pom.xml.
final class AwsSdkDriver {
  private static final URI ENDPOINT = URI.create(System.getenv("SKARB_S3"));
  private static final Region REGION = Region.US_EAST_1;
  private static final int PART = 8 << 20;

  /// What the SDK has no method for in one of its clients.
  private static final class NoMethod extends Exception {}

  private interface Verbs extends AutoCloseable {
    default void makeBucket(String bucket) throws Exception {
      throw new NoMethod();
    }

    void put(String bucket, String key, Path file) throws Exception;

    void putInParts(String bucket, String key, Path file) throws Exception;

    void get(GetObjectRequest request, Path file) throws Exception;

    void copy(String bucket, String key, String target) throws Exception;

    default List<String> list(String bucket, String prefix) throws Exception {
      throw new NoMethod();
    }

    default void delete(String bucket, String key) throws Exception {
      throw new NoMethod();
    }

    default void undelete(String bucket, String key) throws Exception {
      throw new NoMethod();
    }

    default String presign(String bucket, String key, boolean put) throws Exception {
      throw new NoMethod();
    }

    @Override
    void close();
  }

  /// The blocking client: parts by hand, as it does not split by itself.
  private record Blocking(S3Client s3, S3Presigner presigner) implements Verbs {
    @Override
    public void makeBucket(String bucket) {
      s3.createBucket(r -> r.bucket(bucket));
    }

    @Override
    public void put(String bucket, String key, Path file) {
      s3.putObject(r -> r.bucket(bucket).key(key), file);
    }

    @Override
    public void putInParts(String bucket, String key, Path file) throws Exception {
      String upload = s3.createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId();
      List<CompletedPart> parts = new ArrayList<>();
      try (RandomAccessFile body = new RandomAccessFile(file.toFile(), "r")) {
        byte[] buffer = new byte[PART];
        for (int length; (length = body.read(buffer)) > 0; ) {
          int number = parts.size() + 1;
          byte[] part = Arrays.copyOf(buffer, length);
          String etag =
              s3.uploadPart(r -> r.bucket(bucket).key(key).uploadId(upload).partNumber(number), RequestBody.fromBytes(part))
                  .eTag();
          parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
      }
      s3.completeMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(parts)));
    }

    @Override
    public void get(GetObjectRequest request, Path file) {
      s3.getObject(request, ResponseTransformer.toFile(file));
    }

    @Override
    public List<String> list(String bucket, String prefix) {
      return s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().stream().map(S3Object::key).toList();
    }

    @Override
    public void copy(String bucket, String key, String target) {
      s3.copyObject(copyRequest(bucket, key, target));
    }

    @Override
    public void delete(String bucket, String key) {
      s3.deleteObject(r -> r.bucket(bucket).key(key));
    }

    @Override
    public void undelete(String bucket, String key) {
      String marker = s3.listObjectVersions(r -> r.bucket(bucket).prefix(key)).deleteMarkers().getFirst().versionId();
      s3.deleteObject(r -> r.bucket(bucket).key(key).versionId(marker));
    }

    @Override
    public String presign(String bucket, String key, boolean put) {
      Duration time = Duration.ofMinutes(1);
      return put
          ? presigner.presignPutObject(r -> r.signatureDuration(time).putObjectRequest(o -> o.bucket(bucket).key(key))).url().toString()
          : presigner.presignGetObject(r -> r.signatureDuration(time).getObjectRequest(o -> o.bucket(bucket).key(key))).url().toString();
    }

    @Override
    public void close() {
      s3.close();
      presigner.close();
    }
  }

  /// The asynchronous clients, Netty's and the CRT's; both split large bodies by themselves.
  private record Asynchronous(S3AsyncClient s3) implements Verbs {
    @Override
    public void makeBucket(String bucket) {
      s3.createBucket(r -> r.bucket(bucket)).join();
    }

    @Override
    public void put(String bucket, String key, Path file) {
      s3.putObject(r -> r.bucket(bucket).key(key), AsyncRequestBody.fromFile(file)).join();
    }

    @Override
    public void putInParts(String bucket, String key, Path file) {
      put(bucket, key, file);
    }

    @Override
    public void get(GetObjectRequest request, Path file) {
      s3.getObject(request, AsyncResponseTransformer.toFile(file)).join();
    }

    @Override
    public List<String> list(String bucket, String prefix) {
      List<String> keys = new ArrayList<>();
      s3.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix)).contents().subscribe(found -> keys.add(found.key())).join();
      return keys;
    }

    @Override
    public void copy(String bucket, String key, String target) {
      s3.copyObject(copyRequest(bucket, key, target)).join();
    }

    @Override
    public void delete(String bucket, String key) {
      s3.deleteObject(r -> r.bucket(bucket).key(key)).join();
    }

    @Override
    public void undelete(String bucket, String key) {
      String marker = s3.listObjectVersions(r -> r.bucket(bucket).prefix(key)).join().deleteMarkers().getFirst().versionId();
      s3.deleteObject(r -> r.bucket(bucket).key(key).versionId(marker)).join();
    }

    @Override
    public void close() {
      s3.close();
    }
  }

  /// The transfer manager, over the asynchronous client; it makes buckets by that.
  private record Transfers(S3AsyncClient s3, S3TransferManager manager) implements Verbs {
    @Override
    public void makeBucket(String bucket) {
      s3.createBucket(r -> r.bucket(bucket)).join();
    }

    @Override
    public void put(String bucket, String key, Path file) {
      manager.uploadFile(r -> r.source(file).putObjectRequest(o -> o.bucket(bucket).key(key))).completionFuture().join();
    }

    @Override
    public void putInParts(String bucket, String key, Path file) {
      put(bucket, key, file);
    }

    @Override
    public void get(GetObjectRequest request, Path file) {
      manager.downloadFile(r -> r.destination(file).getObjectRequest(request)).completionFuture().join();
    }

    @Override
    public void copy(String bucket, String key, String target) {
      manager.copy(r -> r.copyObjectRequest(copyRequest(bucket, key, target))).completionFuture().join();
    }

    @Override
    public void close() {
      manager.close();
      s3.close();
    }
  }

  private static CopyObjectRequest copyRequest(String bucket, String key, String target) {
    return CopyObjectRequest.builder().sourceBucket(bucket).sourceKey(key).destinationBucket(bucket).destinationKey(target).build();
  }

  private static S3AsyncClient netty() {
    return S3AsyncClient.builder()
        .endpointOverride(ENDPOINT)
        .region(REGION)
        .forcePathStyle(true)
        .multipartEnabled(true)
        .multipartConfiguration(m -> m.minimumPartSizeInBytes((long) PART).thresholdInBytes((long) PART))
        .build();
  }

  private static Verbs open(String client) {
    return switch (client) {
      case "sync" ->
          new Blocking(
              S3Client.builder()
                  .endpointOverride(ENDPOINT)
                  .region(REGION)
                  .forcePathStyle(true)
                  .httpClient(Apache5HttpClient.create())
                  .build(),
              S3Presigner.builder()
                  .endpointOverride(ENDPOINT)
                  .region(REGION)
                  .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
                  .build());
      case "async" -> new Asynchronous(netty());
      case "crt" ->
          new Asynchronous(
              S3AsyncClient.crtBuilder()
                  .endpointOverride(ENDPOINT)
                  .region(REGION)
                  .forcePathStyle(true)
                  .minimumPartSizeInBytes((long) PART)
                  .retryConfiguration(r -> r.numRetries(0))
                  // It has no setting for a certificate to trust.
                  .httpConfiguration(h -> h.trustAllCertificatesEnabled(ENDPOINT.getScheme().equals("https")))
                  .build());
      case "transfer" -> {
        S3AsyncClient s3 = netty();
        yield new Transfers(s3, S3TransferManager.builder().s3Client(s3).build());
      }
      default -> throw new IllegalArgumentException(client);
    };
  }

  private static List<String> run(Verbs client, String verb, String[] words) throws Exception {
    String bucket = words[0];
    String key = words.length > 1 ? words[1] : "";
    switch (verb) {
      case "make_bucket" -> client.makeBucket(bucket);
      case "put" -> client.put(bucket, key, Path.of(words[2]));
      case "put_in_parts" -> client.putInParts(bucket, key, Path.of(words[2]));
      case "get" -> {
        Files.deleteIfExists(Path.of(words[2]));
        client.get(GetObjectRequest.builder().bucket(bucket).key(key).build(), Path.of(words[2]));
      }
      case "range" ->
          client.get(
              GetObjectRequest.builder().bucket(bucket).key(key).range("bytes=" + words[2] + "-" + words[3]).build(),
              Path.of(words[4]));
      case "list" -> {
        return client.list(bucket, key);
      }
      case "copy" -> client.copy(bucket, key, words[2]);
      case "delete" -> client.delete(bucket, key);
      case "undelete" -> client.undelete(bucket, key);
      case "presign", "presign_put" -> {
        return List.of(client.presign(bucket, key, verb.equals("presign_put")));
      }
      default -> throw new IllegalArgumentException(verb);
    }
    return List.of();
  }

  static void main() throws Exception {
    System.setProperty("aws.accessKeyId", System.getenv("AWS_ACCESS_KEY_ID"));
    System.setProperty("aws.secretAccessKey", System.getenv("AWS_SECRET_ACCESS_KEY"));
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    Map<String, Verbs> clients = new java.util.TreeMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      String[] words = line.split("\t", -1);
      List<String> answer = new ArrayList<>();
      try {
        Verbs client = clients.computeIfAbsent(words[0], AwsSdkDriver::open);
        answer.add("ok");
        answer.addAll(run(client, words[1], Arrays.copyOfRange(words, 2, words.length)));
      } catch (NoMethod e) {
        answer = List.of("none");
      } catch (Exception e) {
        answer = List.of("fail", e.toString().replaceAll("\\s+", " "));
      }
      out.println(String.join("\t", answer));
    }
    clients.values().forEach(Verbs::close);
    System.exit(0);
  }
}
