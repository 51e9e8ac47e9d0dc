package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.checksumsOf;
import static skarb.node.content.ContentFixture.content;
import static skarb.node.content.ContentFixture.only;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.node.model.NodeException;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;

/// What is promised of a body, before and after its bytes, is checked; what is asked for is stored.
/// Sizes: in the journal, one chunk, several chunks on one thread, several with parallel digests.
class BodyChecksumTest {
  private static final int[] SIZES = {1, 100, 900, 1000, 1001, 1999, 2000, 2001, 30_000};

  private final ContentFixture fixture;

  BodyChecksumTest() throws IOException {
    fixture = new ContentFixture();
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  @Test
  void everyChecksumIsWhatTheJdkSays() throws Exception {
    for (int size : SIZES) {
      byte[] body = content(size, size);
      Map<BodyChecksum, ByteString> actual = checksumsOf(body);
      Checksums.Builder all = Checksums.newBuilder();
      actual.forEach((kind, value) -> kind.set(all, value));

      try (StoredBody stored =
          fixture.store(
              body, ContentFixture.expecting(all.build()), Checksums.getDefaultInstance())) {
        assertThat(stored.md5()).isEqualTo(actual.get(BodyChecksum.MD5));
        assertThat(stored.checksums()).isEqualTo(all.clone().clearMd5().build());
      }
    }
  }

  @Test
  void whatIsAskedForIsStored() throws Exception {
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
      if (algorithm == ChecksumAlgorithm.UNRECOGNIZED) {
        continue;
      }
      for (int size : SIZES) {
        byte[] body = content(size, size);
        try (StoredBody stored =
            fixture.store(body, ContentFixture.asking(algorithm), Checksums.getDefaultInstance())) {
          BodyChecksum kind = BodyChecksum.of(algorithm).orElse(BodyChecksum.CRC64NVME);
          ByteString value = checksumsOf(body).get(kind);
          assertThat(value).isNotNull();
          if (value != null) {
            assertThat(stored.checksums()).isEqualTo(only(kind, value));
          }
        }
      }
    }
  }

  @Test
  void whatIsPromisedAtTheEndIsCheckedAndStored() throws Exception {
    for (int size : SIZES) {
      byte[] body = content(size, size);
      for (var entry : checksumsOf(body).entrySet()) {
        Checksums promised = only(entry.getKey(), entry.getValue());
        try (StoredBody stored = fixture.store(body, BodyPromise.none(), promised)) {
          if (entry.getKey() == BodyChecksum.MD5) {
            assertThat(stored.checksums().hasCrc64Nvme()).isTrue();
            assertThat(stored.checksums().hasMd5()).isFalse();
          } else {
            assertThat(stored.checksums()).isEqualTo(promised);
          }
        }
      }
    }
  }

  @Test
  void aBrokenPromiseIsRefusedWheneverItWasMade() {
    for (int size : new int[] {100, 30_000}) {
      byte[] body = content(size, size);
      checksumsOf(content(1, 10))
          .forEach((kind, wrong) -> {
            Checksums promised = only(kind, wrong);
            ErrorReason reason =
                kind == BodyChecksum.MD5
                    ? ErrorReason.ERROR_REASON_MD5_MISMATCH
                    : ErrorReason.ERROR_REASON_CHECKSUM_MISMATCH;
            for (boolean atEnd : new boolean[] {false, true}) {
              BodyPromise before = atEnd ? BodyPromise.none() : ContentFixture.expecting(promised);
              Checksums after = atEnd ? promised : Checksums.getDefaultInstance();
              assertThatThrownBy(() -> fixture.store(body, before, after))
                  .isInstanceOfSatisfying(
                      NodeException.class,
                      e -> {
                        assertThat(e.reason()).isEqualTo(reason);
                        if (kind != BodyChecksum.MD5) {
                          assertThat(e.metadata()).containsEntry("algorithm", kind.name());
                        }
                      });
            }
          });
    }
    assertThat(fixture.budget.usedBytes()).isZero();
  }

  @Test
  void theHashOfTheSignatureHasAReasonOfItsOwnAndIsNotStored() throws Exception {
    byte[] body = content(1, 5000);
    ByteString right = checksumsOf(body).get(BodyChecksum.SHA256);
    ByteString wrong = ByteString.copyFrom(new byte[32]);
    assertThat(right).isNotNull();
    try (StoredBody stored =
        fixture.store(
            body, signed(right == null ? wrong : right), Checksums.getDefaultInstance())) {
      assertThat(stored.checksums().hasSha256()).isFalse();
      assertThat(stored.checksums().hasCrc64Nvme()).isTrue();
    }
    assertThatThrownBy(() -> fixture.store(body, signed(wrong), Checksums.getDefaultInstance()))
        .isInstanceOfSatisfying(
            NodeException.class,
            e ->
                assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_CONTENT_SHA256_MISMATCH));
  }

  @Test
  void aChecksumOfTheWrongLengthIsAnInvalidArgument() {
    for (BodyChecksum kind : BodyChecksum.values()) {
      Checksums malformed = only(kind, ByteString.copyFrom(new byte[kind.length() + 1]));
      assertThatThrownBy(() -> ContentFixture.expecting(malformed))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
                assertThat(e.metadata()).containsEntry("field", "expected." + kind.field());
              });
      assertThatThrownBy(() -> fixture.store(new byte[9], BodyPromise.none(), malformed))
          .isInstanceOf(NodeException.class);
    }
  }

  private static BodyPromise signed(ByteString sha256) {
    return new BodyPromise(
        OptionalLong.empty(),
        Checksums.newBuilder().setSha256(sha256).build(),
        true,
        ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED);
  }
}
