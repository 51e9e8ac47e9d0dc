package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import skarb.cli.RawS3.Answer;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/// What the AWS SDK's own signer signs, in every way that it knows, is taken; the same with one
/// byte changed is not, and stores nothing.
class AwsSdkSignaturesTest extends AwsSdkFixture {
  private static final List<String> ODD_KEYS =
      List.of(
          "plain",
          "a b",
          "a+b",
          "a//b",
          "a/../b",
          "./a",
          "/a/",
          "a%2Fb",
          "a%b",
          "a=b&c",
          "a;b:c,d",
          "(*)'!@$^~`{}|<>\"\\",
          "a?b#c",
          "\u00fc\u65e5\u672c",
          "e\u0301",
          "\ud83d\ude00",
          "\u0001");

  @Override
  Optional<TlsFiles> tls() {
    return Optional.empty();
  }

  @Override
  SdkHttpClient httpClient() {
    return Apache5HttpClient.create();
  }

  /// The ways to send a body.
  enum Mode {
    HASHED(true, false, "[0-9a-f]{64}"),
    UNSIGNED(false, false, "UNSIGNED-PAYLOAD"),
    CHUNKED(true, true, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
    CHUNKED_WITH_TRAILER(true, true, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"),
    UNSIGNED_WITH_TRAILER(false, true, "STREAMING-UNSIGNED-PAYLOAD-TRAILER");

    private final boolean signsPayload;
    private final boolean chunked;
    private final String payloadHeader;

    Mode(boolean signsPayload, boolean chunked, String payloadHeader) {
      this.signsPayload = signsPayload;
      this.chunked = chunked;
      this.payloadHeader = payloadHeader;
    }

    void configure(SignRequest.Builder<AwsCredentialsIdentity> request) {
      request
          .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, signsPayload)
          .putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, chunked);
      switch (this) {
        case HASHED, UNSIGNED, CHUNKED -> {}
        case CHUNKED_WITH_TRAILER ->
            request.putProperty(
                AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.CRC32);
        case UNSIGNED_WITH_TRAILER ->
            request.putProperty(
                AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.SHA256);
      }
    }
  }

  private SdkHttpRequest request(
      SdkHttpMethod method, String key, Map<String, String> headers, byte[] body) {
    // The signer would sign all bodies that do not go over TLS.
    SdkHttpFullRequest.Builder request =
        SdkHttpFullRequest.builder()
            .uri(URI.create("https://" + HostPort.text(server.s3Address())))
            .method(method)
            .encodedPath("/signed/" + SdkHttpUtils.urlEncodeIgnoreSlashes(key));
    if (method == SdkHttpMethod.PUT) {
      request.putHeader("Content-Length", Integer.toString(body.length));
    }
    headers.forEach(request::putHeader);
    return request.build();
  }

  private static SignedRequest sign(
      SdkHttpRequest request,
      byte[] body,
      Consumer<SignRequest.Builder<AwsCredentialsIdentity>> configure) {
    SignRequest.Builder<AwsCredentialsIdentity> toSign =
        SignRequest.builder(AwsCredentialsIdentity.create(ACCESS_KEY, SECRET_KEY))
            .request(request)
            .payload(ContentStreamProvider.fromByteArray(body))
            .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
            .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
            .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
            .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false);
    configure.accept(toSign);
    return AwsV4HttpSigner.create().sign(toSign.build());
  }

  private static byte[] body(SignedRequest signed) throws IOException {
    if (signed.payload().isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = signed.payload().get().newStream()) {
      return in.readAllBytes();
    }
  }

  private Answer send(SignedRequest signed, byte[] body) throws IOException {
    SdkHttpRequest request = signed.request();
    StringBuilder head = new StringBuilder(request.method().name()).append(' ');
    head.append(request.encodedPath());
    request.encodedQueryParameters().ifPresent(query -> head.append('?').append(query));
    head.append(" HTTP/1.1\r\n");
    request.forEachHeader(
        (name, values) -> values.forEach(value -> head.append(name + ": " + value + "\r\n")));
    if (request.method() == SdkHttpMethod.PUT
        && request.firstMatchingHeader("Content-Length").isEmpty()) {
      head.append("Content-Length: " + body.length + "\r\n");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    bytes.write(body);
    return new RawS3(server.s3Address(), ACCESS_KEY, SECRET_KEY)
        .exchange(bytes.toByteArray(), 1, request.method() == SdkHttpMethod.HEAD)
        .getFirst();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void everyWayToSendABodyIsTakenAndNoneWhenAByteIsChanged(Mode mode) throws IOException {
    s3.createBucket(r -> r.bucket("signed"));
    for (int size : new int[] {0, 1, 8_191, 131_072, 131_073, 400_000}) {
      String key = mode + "-" + size;
      byte[] content = randomBytes(size);
      Map<String, String> headers =
          Map.of("Content-Type", "text/plain; charset=utf-8", "x-amz-meta-a", " two   words ");
      SignedRequest signed =
          sign(request(SdkHttpMethod.PUT, key, headers, content), content, mode::configure);
      assertThat(signed.request().firstMatchingHeader("x-amz-content-sha256").orElse(""))
          .matches(mode.payloadHeader);
      byte[] sent = body(signed);

      if (size > 0 && mode != Mode.UNSIGNED) {
        byte[] changed = sent.clone();
        int within = new String(sent, StandardCharsets.ISO_8859_1).indexOf("\r\n") + 2;
        changed[mode.chunked ? within : 0] ^= 1;
        Answer refused = send(signed, changed);
        assertThat(refused.status()).as(key + refused.body()).isIn(400, 403);
        assertThat(refused.element("Code"))
            .isIn("SignatureDoesNotMatch", "XAmzContentSHA256Mismatch", "BadDigest");
        assertThatThrownBy(() -> get("signed", key)).isInstanceOf(NoSuchKeyException.class);
      }
      Answer stored = send(signed, sent);
      assertThat(stored.status()).as(key + stored.body()).isEqualTo(200);
      assertThat(get("signed", key)).isEqualTo(content);
      assertThat(s3.headObject(r -> r.bucket("signed").key(key)).contentEncoding()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"CHUNKED", "CHUNKED_WITH_TRAILER", "UNSIGNED_WITH_TRAILER"})
  void streamedBodiesThatWereCutStoreNothing(Mode mode) throws IOException {
    s3.createBucket(r -> r.bucket("signed"));
    byte[] content = randomBytes(200_000);
    SignedRequest signed =
        sign(request(SdkHttpMethod.PUT, "cut", Map.of(), content), content, mode::configure);
    byte[] sent = body(signed);
    // At the end of the first chunk, within the second, before the trailer, within the trailer.
    for (int keep : new int[] {131_100, 150_000, sent.length - 5, sent.length - 40}) {
      SdkHttpRequest shorter =
          signed.request().copy(r -> r.putHeader("Content-Length", Integer.toString(keep)));
      Answer answer =
          send(SignedRequest.builder().request(shorter).build(), Arrays.copyOf(sent, keep));
      assertThat(answer.status()).as(keep + answer.body()).isIn(400, 403);
      assertThatThrownBy(() -> get("signed", "cut")).isInstanceOf(NoSuchKeyException.class);
    }
  }

  @Test
  void everyKeyIsSignedAsItIsSent() throws IOException {
    s3.createBucket(r -> r.bucket("signed"));
    for (String key : ODD_KEYS) {
      byte[] content = key.getBytes(StandardCharsets.UTF_8);
      SignedRequest put =
          sign(request(SdkHttpMethod.PUT, key, Map.of(), content), content, Mode.HASHED::configure);
      Answer stored = send(put, content);
      assertThat(stored.status()).as(key + stored.body()).isEqualTo(200);

      SignedRequest get =
          sign(
              request(SdkHttpMethod.GET, key, Map.of(), new byte[0]),
              new byte[0],
              r -> inQuery(r, Duration.ofDays(7)));
      Answer answer = send(get, new byte[0]);
      assertThat(answer.status()).as(key + answer.body()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(key);
    }
    assertThat(s3.listObjectsV2(r -> r.bucket("signed").encodingType(EncodingType.URL)).contents())
        .extracting(object -> object.key())
        .containsExactlyInAnyOrderElementsOf(ODD_KEYS);
  }

  @Test
  void presignedRequestsAreGoodForTheirTimeAndTheirMethod() throws IOException {
    s3.createBucket(r -> r.bucket("signed"));
    put("signed", "a", new byte[] {'a'});
    Instant now = Instant.now();
    Duration week = Duration.ofDays(7);

    assertThat(presigned(SdkHttpMethod.GET, now.minus(week).plusSeconds(60), week).status())
        .isEqualTo(200);
    assertThat(presigned(SdkHttpMethod.HEAD, now, Duration.ofSeconds(60)).status()).isEqualTo(200);
    Answer expired = presigned(SdkHttpMethod.GET, now.minus(week).minusSeconds(60), week);
    assertThat(expired.status()).isEqualTo(403);
    assertThat(expired.element("Code")).isEqualTo("AccessDenied");
    assertThat(expired.element("Message")).isEqualTo("Request has expired");

    SignedRequest get = presign(SdkHttpMethod.GET, now, week);
    SdkHttpRequest toHead = get.request().copy(r -> r.method(SdkHttpMethod.HEAD));
    assertThat(send(SignedRequest.builder().request(toHead).build(), new byte[0]).status())
        .isEqualTo(403);
  }

  private Answer presigned(SdkHttpMethod method, Instant time, Duration lifetime)
      throws IOException {
    return send(presign(method, time, lifetime), new byte[0]);
  }

  private SignedRequest presign(SdkHttpMethod method, Instant time, Duration lifetime) {
    return sign(
        request(method, "a", Map.of(), new byte[0]),
        new byte[0],
        r -> {
          inQuery(r, lifetime);
          r.putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC));
        });
  }

  /// As the SDK's presigner for S3 has it.
  private static void inQuery(
      SignRequest.Builder<AwsCredentialsIdentity> request, Duration lifetime) {
    request
        .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
        .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, lifetime)
        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false);
  }
}
