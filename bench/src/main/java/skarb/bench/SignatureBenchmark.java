package skarb.bench;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import skarb.s3.auth.Authentication;
import skarb.s3.auth.AwsChunkedDecoder;
import skarb.s3.auth.CredentialScope;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.auth.Principal;
import skarb.s3.auth.SigV4Authenticator;
import skarb.s3.auth.SignatureChain;
import skarb.s3.auth.SignatureService.Verdict;
import skarb.s3.auth.SigningKey;
import skarb.s3.auth.SigningKeyCache;
import skarb.s3.auth.StringToSign;
import skarb.s3.auth.Trailers;
import skarb.s3.route.RequestHead;

/// Signature version 4, as the gateway checks it with a signing key that it has at hand: a request
/// signed in its headers, and a body of one signed chunk.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SignatureBenchmark {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final String KEY_ID = "AKIDBENCHMARK";
  private static final String TIMESTAMP = "20260102T030405Z";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
  private static final CredentialScope SCOPE = new CredentialScope("20260102", "us-east-1", "s3");
  private static final String SIGNED_HEADERS =
      "content-length;content-type;host;x-amz-checksum-crc64nvme;x-amz-content-sha256;x-amz-date";
  private static final SigningKey SIGNING_KEY = new SigningKey(new byte[32]);

  private final SigV4Authenticator authenticator =
      new SigV4Authenticator(
          new SigningKeyCache(
              claim ->
                  claim.signature().equals(SIGNING_KEY.sign(claim.stringToSign()))
                      ? new Verdict.Verified(new Principal(KEY_ID, 1, "user", "User"), SIGNING_KEY)
                      : new Verdict.Mismatch(),
              CLOCK,
              16),
          CLOCK,
          Optional.empty());

  private RequestHead head = head(Map.of());
  private PayloadSigning.Streaming framing =
      new PayloadSigning.StreamingUnsignedTrailer(0, Optional.empty());
  private ByteBuffer body = ByteBuffer.allocate(0);

  /// Signs a request and a body.
  @Setup
  public void prepare() {
    signRequest();
    signBody();
  }

  private void signRequest() {
    String canonical =
        """
        PUT
        /photos/2026/01/02/honey%%20jar-0001.jpeg
        x-id=PutObject
        content-length:65536
        content-type:image/jpeg
        host:storage.example.com:9000
        x-amz-checksum-crc64nvme:jSnVw/bqjr4=
        x-amz-content-sha256:UNSIGNED-PAYLOAD
        x-amz-date:20260102T030405Z

        %s
        UNSIGNED-PAYLOAD\
        """
            .formatted(SIGNED_HEADERS);
    String hash = sha256(canonical.getBytes(StandardCharsets.UTF_8));
    String signature = SIGNING_KEY.sign(new StringToSign(TIMESTAMP, SCOPE, hash).text());
    String authorization =
        "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
            .formatted(KEY_ID, SCOPE.text(), SIGNED_HEADERS, signature);
    head =
        head(
            Map.of(
                "host", List.of("storage.example.com:9000"),
                "content-length", List.of(Integer.toString(CHUNK_BYTES)),
                "content-type", List.of("image/jpeg"),
                "x-amz-checksum-crc64nvme", List.of("jSnVw/bqjr4="),
                "x-amz-content-sha256", List.of("UNSIGNED-PAYLOAD"),
                "x-amz-date", List.of(TIMESTAMP),
                "user-agent", List.of("benchmark"),
                "authorization", List.of(authorization)));
  }

  private static RequestHead head(Map<String, List<String>> headers) {
    return new RequestHead(
        "PUT",
        "/photos/2026/01/02/honey%20jar-0001.jpeg",
        "x-id=PutObject",
        headers,
        "192.0.2.1",
        false,
        "0123456789abcdef");
  }

  private void signBody() {
    String seed = "0".repeat(64);
    byte[] content = new byte[CHUNK_BYTES];
    new SplittableRandom(1).nextBytes(content);
    String first = chunkSignature(seed, content);
    String last = chunkSignature(first, new byte[0]);
    ByteArrayOutputStream chunks = new ByteArrayOutputStream();
    chunks.writeBytes(ascii(Integer.toHexString(CHUNK_BYTES) + ";chunk-signature=" + first));
    chunks.writeBytes(ascii("\r\n"));
    chunks.writeBytes(content);
    chunks.writeBytes(ascii("\r\n0;chunk-signature=" + last + "\r\n\r\n"));
    body = ByteBuffer.wrap(chunks.toByteArray());
    framing =
        new PayloadSigning.StreamingSigned(
            CHUNK_BYTES,
            Optional.empty(),
            new SignatureChain(KEY_ID, TIMESTAMP, SCOPE, seed, SIGNING_KEY),
            false);
  }

  private static String chunkSignature(String previous, byte[] content) {
    return SIGNING_KEY.sign(
        String.join(
            "\n",
            "AWS4-HMAC-SHA256-PAYLOAD",
            TIMESTAMP,
            SCOPE.text(),
            previous,
            sha256(new byte[0]),
            sha256(content)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// The head of a PUT, signed in its headers. A signature that is not right throws.
  @Benchmark
  public Authentication headers() {
    return authenticator.authenticate(head);
  }

  /// A body of one signed chunk of 64 KiB and the empty one that ends it: two signatures, and
  /// SHA-256 of the content.
  @Benchmark
  public Trailers chunk() {
    AwsChunkedDecoder decoder = new AwsChunkedDecoder(framing, content -> {});
    decoder.accept(body.duplicate());
    return decoder.finish();
  }
}
