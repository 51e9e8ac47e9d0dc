package skarb.s3.headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;

/// Promises about a body, and those that are none.
class ChecksumHeadersTest {
  private static Map<String, List<String>> headers(String... namesAndValues) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
    }
    return headers;
  }

  private static S3Exception refused(Map<String, List<String>> headers, S3Error error) {
    S3Exception refusal =
        catchThrowableOfType(S3Exception.class, () -> ChecksumHeaders.parse(headers));
    assertThat(refusal).isNotNull();
    assertThat(refusal.error()).isEqualTo(error);
    return refusal;
  }

  @Test
  void nothingPromisedIsNothing() {
    ChecksumHeaders none =
        ChecksumHeaders.parse(
            headers(
                "x-amz-checksum-mode", "ENABLED",
                "x-amz-checksum-type", "FULL_OBJECT",
                "x-amz-checksum-algorithm", "CRC32",
                "content-type", "text/plain"));

    assertThat(none.promised()).isEqualTo(Checksums.getDefaultInstance());
    assertThat(none.algorithm()).isEmpty();
    assertThat(none.trailer()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "crc32,NSRBwg==,CHECKSUM_ALGORITHM_CRC32",
    "crc32c,NkszFQ==,CHECKSUM_ALGORITHM_CRC32C",
    "crc64nvme,AAAAAAAAAAE=,CHECKSUM_ALGORITHM_CRC64NVME",
    "sha1,qZk+NkcGgWq6PiVxeFDCbJzQ2J0=,CHECKSUM_ALGORITHM_SHA1",
    "sha256,ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=,CHECKSUM_ALGORITHM_SHA256"
  })
  void everyChecksumIsReadAndWritten(String name, String value, ChecksumAlgorithm algorithm) {
    ChecksumHeaders read =
        ChecksumHeaders.parse(
            headers("x-amz-checksum-" + name, value, "x-amz-sdk-checksum-algorithm", name));

    assertThat(read.algorithm()).contains(algorithm);
    Map<String, String> written = new LinkedHashMap<>();
    ChecksumHeaders.write(
        read.promised().toBuilder().setMd5(ByteString.copyFromUtf8("x")).build(), written::put);
    assertThat(written).containsExactly(entry("x-amz-checksum-" + name, value));
    assertThat(ChecksumHeaders.parseTrailer("x-amz-checksum-" + name, value))
        .isEqualTo(read.promised());
  }

  @Test
  void contentMd5IsRead() {
    ChecksumHeaders read =
        ChecksumHeaders.parse(
            headers("content-md5", "kAFQmDzST7DWlj99KOF/cg==", "x-amz-checksum-crc32", "NSRBwg=="));

    assertThat(read.promised().getMd5().size()).isEqualTo(16);
    assertThat(read.promised().hasCrc32()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "YWJyYWNhZGFicmE=",
        "AWS HAHAHA",
        "kAFQmDzST7DWlj99KOF/cg",
        "kAFQmDzST7DWlj99KOF/ch=="
      })
  void contentMd5ThatIsNoneIsAnInvalidDigest(String value) {
    S3Exception refusal = refused(headers("content-md5", value), S3Error.INVALID_DIGEST);

    assertThat(refusal.details()).containsExactly(entry("Content-MD5", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NSRBwg", "NSRBwgA=", "!!!!!!==", "NSRBwh==", "NSRBwg==-2"})
  void aValueThatIsNoneIsInvalid(String value) {
    S3Exception refusal = refused(headers("x-amz-checksum-crc32", value), S3Error.INVALID_REQUEST);

    assertThat(refusal.shownMessage())
        .isEqualTo("Value for x-amz-checksum-crc32 header is invalid.");
  }

  @Test
  void oneChecksumIsEnough() {
    S3Exception two =
        refused(
            headers("x-amz-checksum-crc32", "NSRBwg==", "x-amz-checksum-crc32c", "NkszFQ=="),
            S3Error.INVALID_REQUEST);
    assertThat(two.shownMessage())
        .isEqualTo(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");

    refused(
        Map.of("x-amz-checksum-crc32", List.of("NSRBwg==", "NSRBwg==")), S3Error.INVALID_REQUEST);
    S3Exception both =
        refused(
            headers("x-amz-checksum-crc32", "NSRBwg==", "x-amz-trailer", "x-amz-checksum-crc32"),
            S3Error.INVALID_REQUEST);
    assertThat(both.shownMessage()).isEqualTo("Expecting a single x-amz-checksum- header");
  }

  @Test
  void aTrailerIsAnnounced() {
    ChecksumHeaders read =
        ChecksumHeaders.parse(
            headers(
                "x-amz-trailer", "X-Amz-Checksum-CRC64NVME",
                "x-amz-sdk-checksum-algorithm", "CRC64NVME"));

    assertThat(read.trailer()).contains("x-amz-checksum-crc64nvme");
    assertThat(read.algorithm()).contains(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME);
    assertThat(read.promised()).isEqualTo(Checksums.getDefaultInstance());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x-amz-meta-a", "x-amz-checksum-md4", "x-amz-checksum-crc32,x-amz-checksum-sha1"})
  void otherTrailersAreNotServed(String trailer) {
    S3Exception refusal = refused(headers("x-amz-trailer", trailer), S3Error.INVALID_REQUEST);

    assertThat(refusal.shownMessage())
        .isEqualTo("The value specified in the x-amz-trailer header is not supported");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MD4   | x-amz-checksum-crc32 | Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]
          CRC32 | x-other              | x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.
          SHA1  | x-amz-checksum-crc32 | Value for x-amz-sdk-checksum-algorithm header is invalid.
          """)
  void theClientsAlgorithmMustBeTheOneItUses(String algorithm, String other, String message) {
    S3Exception refusal =
        refused(
            headers("x-amz-sdk-checksum-algorithm", algorithm, other, "NSRBwg=="),
            S3Error.INVALID_REQUEST);

    assertThat(refusal.shownMessage()).isEqualTo(message);
  }

  @Test
  void aChecksumThatIsNotServedIsNotIgnored() {
    refused(headers("x-amz-checksum-xxhash64", "AAAAAAAAAAE="), S3Error.INVALID_REQUEST);
  }
}
