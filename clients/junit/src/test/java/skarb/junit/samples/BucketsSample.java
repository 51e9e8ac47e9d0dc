package skarb.junit.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.client.BucketInfo;
import skarb.client.SkarbClient;
import skarb.client.Versioning;
import skarb.junit.SkarbBucket;
import skarb.junit.SkarbExtension;

/// Buckets wherever they may be asked for. One test at a time: each sees the class's buckets and
/// its own, and none of another test.
public class BucketsSample {
  @RegisterExtension static final SkarbExtension SKARB = SkarbExtension.builder().build();

  @SkarbBucket private static String ofTheClass;
  private static String ofBeforeAll;

  @SkarbBucket(versioned = true)
  private String ofTheTest;

  @BeforeAll
  static void take(@SkarbBucket String bucket) {
    ofBeforeAll = bucket;
  }

  @AfterEach
  void bucketsAreThereUntilTheTestHasCleanedUp() {
    assertThat(names()).contains(ofTheClass, ofBeforeAll, ofTheTest);
  }

  static List<String> names() {
    try (SkarbClient client = Clients.grpc(SKARB)) {
      return client.listBuckets().map(BucketInfo::name).toList();
    }
  }

  @Test
  void fieldIsFilledAndVersioned() {
    try (SkarbClient client = Clients.grpc(SKARB)) {
      for (int i = 0; i < 3; i++) {
        var _ = client.put(ofTheTest, "key", new byte[i]);
      }
      var _ = client.delete(ofTheTest, "key");
      assertThat(client.headBucket(ofTheTest).versioning()).isEqualTo(Versioning.ENABLED);
    }
    assertThat(names()).containsExactlyInAnyOrder(ofTheClass, ofBeforeAll, ofTheTest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "two"})
  void invocationHasItsOwn(String key, @SkarbBucket String first, @SkarbBucket String second) {
    Seen.BUCKETS.addAll(List.of(first, second));
    try (SkarbClient client = Clients.grpc(SKARB)) {
      var _ = client.put(first, key, new byte[1]);
      assertThat(client.list(second)).isEmpty();
      assertThat(client.headBucket(first).versioning()).isEqualTo(Versioning.NEVER_ENABLED);
    }
    assertThat(names())
        .containsExactlyInAnyOrder(ofTheClass, ofBeforeAll, ofTheTest, first, second);
  }

  @Test
  void bucketThatTheTestDeletedItselfIsNoTrouble(@SkarbBucket String bucket) {
    try (SkarbClient client = Clients.grpc(SKARB)) {
      client.deleteBucket(bucket);
    }
    assertThat(names()).doesNotContain(bucket);
  }

  @Nested
  class Inner {
    @SkarbBucket private String ofTheInnerTest;

    @Test
    void nestedClassHasTheSameServer() {
      assertThat(names())
          .containsExactlyInAnyOrder(ofTheClass, ofBeforeAll, ofTheTest, ofTheInnerTest);
    }
  }
}
