package skarb.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.cli.wiring.SkarbServer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/// A whole server and a client of the AWS SDK for Java, for each test anew.
abstract class AwsSdkFixture {
  static final String ACCESS_KEY = "test-access-key";
  static final String SECRET_KEY = "test-secret-key";

  @TempDir Path folder;
  SkarbServer server;
  S3Client s3;

  /// Certificate and key, where the server is to speak TLS.
  abstract Optional<TlsFiles> tls() throws Exception;

  /// A client that trusts that certificate.
  abstract SdkHttpClient httpClient();

  @BeforeEach
  void start() throws Exception {
    server = SkarbServer.start(config(), line -> {});
    s3 = client(SECRET_KEY);
  }

  ServerConfig config() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return new ServerConfig(
        folder.resolve("data"),
        "test",
        any,
        any,
        tls(),
        "us-east-1",
        Optional.of(new KeyPair(ACCESS_KEY, SECRET_KEY)));
  }

  S3Client client(String secretKey) throws Exception {
    return S3Client.builder()
        .endpointOverride(
            URI.create(
                (tls().isPresent() ? "https://" : "http://") + HostPort.text(server.s3Address())))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey)))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .httpClient(httpClient())
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    s3.close();
    server.stop(Duration.ofSeconds(10));
  }

  void put(String bucket, String key, byte[] body) {
    PutObjectResponse _ = s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(body));
  }

  byte[] get(String bucket, String key) {
    return s3.getObjectAsBytes(r -> r.bucket(bucket).key(key)).asByteArray();
  }

  static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }
}
