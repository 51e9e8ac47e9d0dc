package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import skarb.client.Credentials;
import skarb.client.SkarbClient;
import skarb.client.SkarbException;
import skarb.junit.samples.Clients;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// The server's times are its clock's. A server for each test, since clocks only move forward.
class ClockTest {
  private final SettableClock clock = SettableClock.atPresent();

  @RegisterExtension final SkarbExtension skarb = SkarbExtension.builder().clock(clock).build();

  @Test
  void objectsAreDatedByIt(@SkarbBucket String bucket) {
    Instant then = Instant.parse("2041-02-03T04:05:06Z");
    clock.set(then);
    try (SkarbClient client = Clients.grpc(skarb)) {
      var _ = client.put(bucket, "later", new byte[1]);
      assertThat(client.head(bucket, "later").lastModified()).isEqualTo(then);
    }
  }

  @Test
  void presignedUrlEndsByIt(@SkarbBucket String bucket) throws Exception {
    URI url;
    try (S3Client s3 = Clients.s3(skarb);
        S3Presigner presigner = Clients.presigner(skarb)) {
      PutObjectResponse _ =
          s3.putObject(r -> r.bucket(bucket).key("lent"), RequestBody.fromString("a book"));
      url =
          presigner
              .presignGetObject(r ->
                  r.signatureDuration(Duration.ofHours(2))
                      .getObjectRequest(get -> get.bucket(bucket).key("lent")))
              .url()
              .toURI();
    }
    assertThat(get(url).body()).isEqualTo("a book");
    clock.advance(Duration.ofMinutes(119));
    assertThat(get(url).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(2));
    HttpResponse<String> late = get(url);
    assertThat(late.statusCode()).isEqualTo(403);
    assertThat(late.body()).contains("Request has expired");
  }

  private static HttpResponse<String> get(URI url) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void awsSdkFollowsAServerWhoseClockIsWeeksAhead(@SkarbBucket String bucket) {
    clock.advance(Duration.ofDays(20));
    try (S3Client s3 = Clients.s3(skarb)) {
      PutObjectResponse _ =
          s3.putObject(r -> r.bucket(bucket).key("key"), RequestBody.fromString("body"));
      assertThat(s3.headObject(r -> r.bucket(bucket).key("key")).lastModified())
          .isEqualTo(clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    }
  }

  @Test
  void signedCallsOfGrpcDoNotReachIt(@SkarbBucket String bucket) {
    clock.advance(Duration.ofDays(20));
    Credentials key = Credentials.accessKey(skarb.accessKey(), skarb.secretKey());
    try (SkarbClient client = SkarbClient.connect(skarb.grpcEndpoint().toString(), key)) {
      assertThatThrownBy(() -> client.list(bucket).toList())
          .isInstanceOf(SkarbException.class)
          .hasMessageContaining("15 minutes");
    }
  }

  @Test
  void tokenLivesForSevenDaysOfIt(@SkarbBucket String bucket) {
    try (SkarbClient client = Clients.grpc(skarb)) {
      clock.advance(Duration.ofDays(6));
      assertThat(client.list(bucket)).isEmpty();
      clock.advance(Duration.ofDays(1));
      assertThatThrownBy(() -> client.list(bucket).toList()).isInstanceOf(SkarbException.class);
    }
  }
}
