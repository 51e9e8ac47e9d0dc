package skarb.node.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.v1.ErrorReason;

class BucketNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "0ab",
        "a-b",
        "a.b",
        "a--b",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.a",
        "my.bucket-1",
        "xn-a",
        "healthy",
        "a23456789012345678901234567890123456789012345678901234567890123",
      })
  void namesThatS3Allows(String name) {
    assertThat(new BucketName(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ab",
        "a234567890123456789012345678901234567890123456789012345678901234",
        "Abc",
        "a_b",
        "a b",
        "a/b",
        "ąbc",
        "abc\n",
        "-ab",
        "ab-",
        ".ab",
        "ab.",
        "a..b",
        "a.-b",
        "a-.b",
        "192.168.5.4",
        "999.999.999.999",
        "xn--abc",
        "sthree-abc",
        "amzn-s3-demo-abc",
        "abc-s3alias",
        "abc--ol-s3",
        "abc.mrap",
        "abc--x-s3",
        "abc--table-s3",
        "health",
        "metrics",
      })
  void everythingElseIsRefused(String name) {
    assertThatThrownBy(() -> new BucketName(name))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_BUCKET_NAME);
              assertThat(e.metadata()).containsEntry("bucket", name);
            });
  }

  @Test
  void aKeyHasUpTo1024BytesOfUtf8() {
    assertThat(ObjectKey.of("ł".repeat(512)).bytes().size()).isEqualTo(1024);
    assertThat(ObjectKey.of("../a//b%2f\u0001").text()).isEqualTo("../a//b%2f\u0001");
    assertThatThrownBy(() -> ObjectKey.of("ł".repeat(512) + "x"))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_KEY_TOO_LONG));
    assertThatThrownBy(() -> ObjectKey.of(""))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT));
  }

  @Test
  void keysAreOrderedAsUnsignedBytes() {
    assertThat(ObjectKey.of("z")).isLessThan(ObjectKey.of("ł"));
    assertThat(ObjectKey.of("\uffff")).isLessThan(ObjectKey.of("\ud83d\ude00"));
  }
}
