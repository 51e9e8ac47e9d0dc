package skarb.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.testkit.seed.Seeds;
import skarb.v1.ErrorReason;

final class ReferenceStoreTest {
  private final ReferenceStore<String> store = new ReferenceStore<>();

  @BeforeEach
  void makeBucket() {
    assertThat(store.createBucket("b")).isEmpty();
  }

  private void put(String... keys) {
    for (String key : keys) {
      assertThat(store.put("b", key, "v:" + key)).isEmpty();
    }
  }

  private Page<String> list(ListQuery query) {
    return switch (store.list(query)) {
      case Answer.Found<Page<String>>(var page) -> page;
      case Answer.Refused<Page<String>>(var reason) -> throw new AssertionError(reason);
    };
  }

  private static final ListQuery ALL = ListQuery.of("b");

  @Test
  void objectsAreReplacedAndDeleted() {
    assertThat(store.get("b", "k"))
        .isEqualTo(new Answer.Refused<String>(ErrorReason.ERROR_REASON_NO_SUCH_KEY));
    assertThat(store.put("b", "k", "1")).isEmpty();
    assertThat(store.put("b", "k", "2")).isEmpty();
    assertThat(store.get("b", "k")).isEqualTo(new Answer.Found<>("2"));
    assertThat(store.delete("b", "k")).isEmpty();
    assertThat(store.delete("b", "k")).isEmpty();
    assertThat(store.get("b", "k")).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void bucketsComeAndGo() {
    assertThat(store.createBucket("b"))
        .contains(ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU);
    put("k");
    assertThat(store.deleteBucket("b")).contains(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    assertThat(store.delete("b", "k")).isEmpty();
    assertThat(store.buckets()).containsExactly("b");
    assertThat(store.deleteBucket("b")).isEmpty();
    Optional<ErrorReason> noBucket = Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    assertThat(store.deleteBucket("b")).isEqualTo(noBucket);
    assertThat(store.put("b", "k", "1")).isEqualTo(noBucket);
    assertThat(store.delete("b", "k")).isEqualTo(noBucket);
    assertThat(store.get("b", "k")).isEqualTo(new Answer.Refused<String>(noBucket.get()));
    assertThat(store.list(ALL)).isEqualTo(new Answer.Refused<Page<String>>(noBucket.get()));
  }

  @Test
  void keysAreInOrderOfTheirBytes() {
    String emoji = "\uD83D\uDE00"; // above U+FFFD in UTF-8, below it in UTF-16
    String replacement = "\uFFFD";
    put(emoji, replacement, "b", "B", "a/", "a", "a-");
    assertThat(list(ALL).keys()).containsExactly("B", "a", "a-", "a/", "b", replacement, emoji);
  }

  @Test
  void keysBelowADelimiterAreRolledUp() {
    put("asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla");
    Page<String> top = list(ALL.withDelimiter("/"));
    assertThat(top.keys()).containsExactly("asdf");
    assertThat(top.commonPrefixes()).containsExactly("boo/", "cquux/");
    Page<String> below = list(ALL.withDelimiter("/").withPrefix("boo/"));
    assertThat(below.keys()).containsExactly("boo/bar");
    assertThat(below.commonPrefixes()).containsExactly("boo/baz/");
  }

  @Test
  void pagesCountPrefixesAndAreTruncatedOnlyIfMoreFollows() {
    put("asdf", "boo/bar", "boo/baz/xyzzy", "cquux/thud", "cquux/bla");
    ListQuery query = ALL.withDelimiter("/").withPageSize(1);
    Page<String> first = list(query);
    assertThat(first.keys()).containsExactly("asdf");
    assertThat(first.nextMarker()).contains("asdf");
    Page<String> second = list(query.withAfter("asdf"));
    assertThat(second.commonPrefixes()).containsExactly("boo/");
    assertThat(second.nextMarker()).contains("boo/");
    Page<String> third = list(query.withAfter("boo/"));
    assertThat(third.commonPrefixes()).containsExactly("cquux/");
    assertThat(third.isTruncated()).isFalse();
    assertThat(list(query.withPageSize(3)).isTruncated()).isFalse();
  }

  @Test
  void emptyPageByRequestIsTheLast() {
    put("a");
    assertThat(list(ALL.withPageSize(0)))
        .isEqualTo(new Page<String>(List.of(), List.of(), Optional.empty()));
  }

  @Test
  void pageHoldsAThousandEntriesAtMost() {
    for (int i = 0; i < 1_001; i++) {
      put("k" + (10_000 + i));
    }
    Page<String> page = list(ALL.withPageSize(5_000));
    assertThat(page.objects()).hasSize(1_000);
    assertThat(page.isTruncated()).isTrue();
  }

  @Test
  void startInsideACommonPrefixSkipsItWhole() {
    put("a/1", "a/2", "b");
    assertThat(list(ALL.withDelimiter("/").withAfter("a/1")).commonPrefixes()).isEmpty();
    assertThat(list(ALL.withDelimiter("/").withAfter("a")).commonPrefixes()).containsExactly("a/");
    assertThat(list(ALL.withAfter("a/1")).keys()).containsExactly("a/2", "b");
  }

  @Test
  void pagesTogetherAreTheWholeListing() {
    Seeds.forEach(
        100,
        (seed, random) -> {
          ReferenceStore<String> model = new ReferenceStore<>();
          model.createBucket("b");
          for (int i = 0; i < 30; i++) {
            StringBuilder key = new StringBuilder();
            for (int c = random.nextInt(1, 7); c > 0; c--) {
              key.append("ab/\uFFFD".charAt(random.nextInt(4)));
            }
            model.put("b", key.toString(), "v");
          }
          ListQuery query =
              ALL.withDelimiter(random.nextBoolean() ? "/" : "b/")
                  .withPrefix(List.of("", "a", "a/").get(random.nextInt(3)));
          Page<String> whole = pageOf(model, query);
          List<String> seen = new ArrayList<>();
          ListQuery next = query.withPageSize(random.nextInt(1, 6));
          while (true) {
            Page<String> page = pageOf(model, next);
            seen.addAll(page.keys());
            seen.addAll(page.commonPrefixes());
            if (!page.isTruncated()) {
              break;
            }
            assertThat(page.objects().size() + page.commonPrefixes().size())
                .isEqualTo(next.pageSize());
            next = next.withAfter(page.nextMarker().orElseThrow());
          }
          TreeSet<String> all = new TreeSet<>(whole.keys());
          all.addAll(whole.commonPrefixes());
          assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
        });
  }

  private static Page<String> pageOf(ReferenceStore<String> model, ListQuery query) {
    return ((Answer.Found<Page<String>>) model.list(query)).value();
  }

  @Test
  void copyIsIndependent() {
    put("a");
    ReferenceStore<String> other = store.copy();
    put("b");
    assertThat(other.get("b", "b")).isInstanceOf(Answer.Refused.class);
    assertThat(other.get("b", "a")).isEqualTo(new Answer.Found<>("v:a"));
  }
}
