package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.Checksums;

/// Chunks, their sizes and their signatures.
class AwsChunkedDecoderTest {
  private static byte[] letters(int count) {
    byte[] content = new byte[count];
    Arrays.fill(content, (byte) 'a');
    return content;
  }

  /// The body of AWS's example: 65 KiB of `a` in chunks of 64 KiB, with the signatures printed
  /// there.
  private static byte[] documentedBody(String first, String second, String last) {
    return ChunkedBody.unsigned()
        .text("10000;chunk-signature=" + first + "\r\n")
        .text("a".repeat(65_536) + "\r\n")
        .text("400;chunk-signature=" + second + "\r\n")
        .text("a".repeat(1024) + "\r\n")
        .text("0;chunk-signature=" + last + "\r\n")
        .bytes();
  }

  private static byte[] withEnd(byte[] body, String end) {
    byte[] suffix = end.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(body, body.length + suffix.length);
    System.arraycopy(suffix, 0, whole, body.length, suffix.length);
    return whole;
  }

  @Test
  void theDocumentedExampleIsDecoded() {
    byte[] body =
        withEnd(
            documentedBody(
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
            "\r\n");
    assertThat(body).hasSize(66_824);

    Decoded decoded = Decoded.of(ChunkedBody.signedFraming(66_560), body);

    assertThat(decoded.content()).isEqualTo(letters(66_560));
    assertThat(decoded.trailers().checksums()).isEqualTo(Checksums.getDefaultInstance());
  }

  @Test
  void theDocumentedExampleWithATrailerIsDecoded() {
    byte[] body =
        withEnd(
            documentedBody(
                "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
                "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
                "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992"),
            "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                + "x-amz-trailer-signature:"
                + "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n");
    PayloadSigning.StreamingSigned framing =
        new PayloadSigning.StreamingSigned(
            66_560,
            Optional.of("x-amz-checksum-crc32c"),
            ChunkedBody.chain("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"),
            true);

    Decoded decoded = Decoded.of(framing, body);

    assertThat(decoded.content()).isEqualTo(letters(66_560));
    assertThat(decoded.trailers().checksums().getCrc32C().size()).isEqualTo(4);
  }

  @Test
  void anEmptyBodyIsOneEmptyChunk() {
    Decoded decoded = Decoded.of(ChunkedBody.signedFraming(0), ChunkedBody.signed().last().end());

    assertThat(decoded.content()).isEmpty();
  }

  @Test
  void theVeryLastLineEndMayBeMissingOrTwice() {
    byte[] body = ChunkedBody.signed().chunk("abc").last().bytes();

    assertThat(Decoded.of(ChunkedBody.signedFraming(3), body).text()).isEqualTo("abc");
    assertThat(Decoded.of(ChunkedBody.signedFraming(3), withEnd(body, "\r\n\r\n")).text())
        .isEqualTo("abc");
    Decoded.refused(
        ChunkedBody.signedFraming(3), withEnd(body, "\r\n\r\n\r\n\r\n"), S3Error.INCOMPLETE_BODY);
    Decoded.refused(
        ChunkedBody.signedFraming(3), withEnd(body, "\r\nGET / "), S3Error.INCOMPLETE_BODY);
  }

  @Test
  void aFlippedByteOfContentIsNoticedBeforeTheEnd() {
    byte[] body = ChunkedBody.signed().chunks(letters(20_000), 10_000).end();
    body[15_000]++;

    S3Exception refusal =
        Decoded.refused(ChunkedBody.signedFraming(20_000), body, S3Error.SIGNATURE_DOES_NOT_MATCH);

    assertThat(refusal.details()).contains(entry("AWSAccessKeyId", TestKeys.ID));
    assertThat(refusal.details().get("StringToSign"))
        .startsWith("AWS4-HMAC-SHA256-PAYLOAD\n20130524T000000Z\n");
  }

  @Test
  void chunksCannotBeSwappedLeftOutOrRepeated() {
    byte[] first = letters(9000);
    byte[] second = new byte[9000];
    byte[] firstChunk = ChunkedBody.signed().chunk(first).bytes();
    byte[] both = ChunkedBody.signed().chunk(first).chunk(second).last().end();
    byte[] rest = Arrays.copyOfRange(both, firstChunk.length, both.length);

    Decoded.refused(ChunkedBody.signedFraming(9000), rest, S3Error.SIGNATURE_DOES_NOT_MATCH);
    byte[] twice = Arrays.copyOf(firstChunk, firstChunk.length + both.length);
    System.arraycopy(both, 0, twice, firstChunk.length, both.length);
    Decoded.refused(ChunkedBody.signedFraming(27_000), twice, S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @Test
  void theEmptyChunkIsSignedToo() {
    byte[] body =
        ChunkedBody.signed()
            .chunk("abc")
            .text("0;chunk-signature=" + "0".repeat(64) + "\r\n")
            .end();

    Decoded.refused(ChunkedBody.signedFraming(3), body, S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @Test
  void onlyTheLastChunkWithContentMayBeSmall() {
    Decoded.of(
        ChunkedBody.signedFraming(8193), ChunkedBody.signed().chunks(letters(8193), 8192).end());

    S3Exception refusal =
        Decoded.refused(
            ChunkedBody.signedFraming(8192),
            ChunkedBody.signed().chunks(letters(8192), 8191).end(),
            S3Error.INVALID_CHUNK_SIZE);

    assertThat(refusal.details())
        .containsExactly(entry("Chunk", "2"), entry("BadChunkSize", "8191"));
    Decoded.refused(
        ChunkedBody.unsignedFraming(8192, Optional.empty()),
        ChunkedBody.unsigned().chunks(letters(8192), 8191).end(),
        S3Error.INVALID_CHUNK_SIZE);
  }

  @Test
  void theDecodedLengthMustBeThePromisedOne() {
    byte[] body = ChunkedBody.signed().chunk("abcd").last().end();

    S3Exception more = Decoded.refused(ChunkedBody.signedFraming(3), body, S3Error.INCOMPLETE_BODY);
    S3Exception less = Decoded.refused(ChunkedBody.signedFraming(5), body, S3Error.INCOMPLETE_BODY);

    assertThat(more.details())
        .containsExactly(entry("NumberBytesExpected", "3"), entry("NumberBytesProvided", "4"));
    assertThat(less.details())
        .containsExactly(entry("NumberBytesExpected", "5"), entry("NumberBytesProvided", "4"));
  }

  @Test
  void everyCutBodyIsIncomplete() {
    byte[] body = ChunkedBody.signed().chunk("some content").last().bytes();

    for (int length = 0; length < body.length; length++) {
      Decoded.refused(
          ChunkedBody.signedFraming(12), Arrays.copyOf(body, length), S3Error.INCOMPLETE_BODY);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "g\r\n",
        "-1\r\n",
        "+3\r\n",
        "0x3\r\n",
        " 3\r\n",
        "3\n",
        "3 \r\n",
        "1000000000000000\r\n",
        ";a=b\r\n"
      })
  void aSizeThatIsNoneIsRefused(String line) {
    Decoded.refused(
        ChunkedBody.unsignedFraming(3, Optional.empty()),
        ChunkedBody.unsigned().text(line + "abc\r\n0\r\n").end(),
        S3Error.INCOMPLETE_BODY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "3;", "3;chunk-signature=", "3;other=1"})
  void aSignedChunkNeedsItsSignature(String header) {
    Decoded.refused(
        ChunkedBody.signedFraming(3),
        ChunkedBody.unsigned().text(header + "\r\nabc\r\n").last().end(),
        S3Error.INCOMPLETE_BODY);
  }

  @Test
  void contentMustEndWhereItsSizeSays() {
    Decoded.refused(
        ChunkedBody.unsignedFraming(3, Optional.empty()),
        ChunkedBody.unsigned().text("3\r\nabcd\r\n0\r\n").end(),
        S3Error.INCOMPLETE_BODY);
  }

  @Test
  void aLineWithoutEndIsNotCollectedForEver() {
    AwsChunkedDecoder decoder = new AwsChunkedDecoder(ChunkedBody.signedFraming(1), bytes -> {});
    byte[] endless = new byte[1025];
    Arrays.fill(endless, (byte) '1');

    assertThatThrownBy(() -> decoder.accept(ByteBuffer.wrap(endless)))
        .isInstanceOf(S3Exception.class);
  }

  @Test
  void whatFailedOnceFailsForEver() {
    AwsChunkedDecoder decoder = new AwsChunkedDecoder(ChunkedBody.signedFraming(1), bytes -> {});
    ByteBuffer broken = ByteBuffer.wrap("nonsense\r\n".getBytes(StandardCharsets.US_ASCII));

    assertThatThrownBy(() -> decoder.accept(broken)).isInstanceOf(S3Exception.class);
    assertThatThrownBy(() -> decoder.accept(ByteBuffer.allocate(1)))
        .isInstanceOf(S3Exception.class);
    assertThatThrownBy(decoder::finish).isInstanceOf(S3Exception.class);
  }

  @Test
  void contentIsHandedOnWithoutACopy() {
    byte[] body = ChunkedBody.unsigned().chunk("abc").last().end();
    ByteBuffer input = ByteBuffer.wrap(body);
    AwsChunkedDecoder decoder =
        new AwsChunkedDecoder(
            ChunkedBody.unsignedFraming(3, Optional.empty()),
            content -> {
              body[3] = 'x';
              assertThat(content.get(0)).isEqualTo((byte) 'x');
            });

    decoder.accept(input);

    assertThat(input.hasRemaining()).isFalse();
    decoder.finish();
  }
}
