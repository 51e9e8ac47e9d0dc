package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The decoder does not care how its input is cut, and holds next to nothing of it.
class AwsChunkedSplitsTest {
  private static final String TRAILER = "x-amz-checksum-crc64nvme";
  private static final String LINE = TRAILER + ":AAAAAAAAAAA=";

  private static byte[] signedBody(byte[] content, int chunk) {
    ChunkedBody body = ChunkedBody.signed().chunks(content, chunk);
    String signature = body.trailerSignature(LINE + "\n");
    return body.text(LINE + "\r\nx-amz-trailer-signature:" + signature + "\r\n").end();
  }

  private static byte[] decode(PayloadSigning.Streaming framing, byte[] body, Random random) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    AwsChunkedDecoder decoder =
        new AwsChunkedDecoder(framing, bytes -> Decoded.copy(bytes, content));
    int most = 1 << random.nextInt(1, 15);
    for (int from = 0; from < body.length; ) {
      int length = Math.min(body.length - from, random.nextInt(most + 1));
      ByteBuffer input =
          random.nextBoolean() ? heap(body, from, length) : direct(body, from, length);
      decoder.accept(input);
      assertThat(input.hasRemaining()).isFalse();
      from += length;
    }
    assertThat(decoder.finish().checksums().hasCrc64Nvme()).isTrue();
    return content.toByteArray();
  }

  private static ByteBuffer heap(byte[] body, int from, int length) {
    return ByteBuffer.wrap(body, from, length);
  }

  private static ByteBuffer direct(byte[] body, int from, int length) {
    return ByteBuffer.allocateDirect(length).put(body, from, length).flip();
  }

  @Test
  void anySplitDecodesToTheSame() {
    Random random = RandomSeed.random("anySplitDecodesToTheSame");
    for (int round = 0; round < 150; round++) {
      byte[] content = new byte[random.nextInt(100_000)];
      random.nextBytes(content);
      int chunk = random.nextInt(8192, 70_000);
      boolean signed = random.nextBoolean();
      byte[] body =
          signed
              ? signedBody(content, chunk)
              : ChunkedBody.unsigned().chunks(content, chunk).text(LINE + "\r\n").end();
      PayloadSigning.Streaming framing =
          signed
              ? ChunkedBody.signedFraming(content.length, TRAILER)
              : ChunkedBody.unsignedFraming(content.length, Optional.of(TRAILER));

      assertThat(decode(framing, body, random)).isEqualTo(content);
    }
  }

  @Test
  void byteByByteIsFineToo() {
    byte[] content = "hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    AwsChunkedDecoder decoder =
        new AwsChunkedDecoder(
            ChunkedBody.signedFraming(5, TRAILER), bytes -> Decoded.copy(bytes, decoded));

    for (byte next : signedBody(content, 8192)) {
      decoder.accept(ByteBuffer.wrap(new byte[] {next}));
    }

    decoder.finish();
    assertThat(decoded.toByteArray()).isEqualTo(content);
  }

  @Test
  void contentLeavesWithTheCallThatBroughtIt() {
    long chunk = 16L << 20;
    long[] seen = {0};
    AwsChunkedDecoder decoder =
        new AwsChunkedDecoder(
            ChunkedBody.signedFraming(chunk), bytes -> seen[0] += bytes.remaining());
    decoder.accept(
        ByteBuffer.wrap(
            (Long.toHexString(chunk) + ";chunk-signature=" + "0".repeat(64) + "\r\n")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    byte[] piece = new byte[64 << 10];

    for (long sent = piece.length; sent < chunk; sent += piece.length) {
      decoder.accept(ByteBuffer.wrap(piece));
      assertThat(seen[0]).isEqualTo(sent);
    }
  }
}
