package skarb.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.v1.ErrorReason;

/// The uploads in parts of the reference model.
final class ReferenceUploadsTest {
  private final ReferenceStore<String> store = new ReferenceStore<>();
  private final ReferenceUploads<String, String> uploads =
      new ReferenceUploads<>(store, parts -> String.join("+", parts));

  @BeforeEach
  void makeBucket() {
    assertThat(store.createBucket("b")).isEmpty();
  }

  @Test
  void partsBecomeAnObjectOnceAndTheSameCompletionIsToldSo() {
    assertThat(uploads.create("b", "k", "u1")).isEmpty();
    assertThat(uploads.putPart("b", "k", "u1", 7, "old")).isEmpty();
    assertThat(uploads.putPart("b", "k", "u1", 7, "y")).isEmpty();
    assertThat(uploads.putPart("b", "k", "u1", 2, "x")).isEmpty();
    assertThat(complete("u1", Map.of(2, "x", 7, "old")))
        .isEqualTo(refused(ErrorReason.ERROR_REASON_INVALID_PART));
    Answer<Written> written = complete("u1", Map.of(2, "x", 7, "y"));
    assertThat(written).isInstanceOf(Answer.Found.class);
    assertThat(store.get("b", "k")).isEqualTo(new Answer.Found<>("x+y"));
    assertThat(complete("u1", Map.of(2, "x", 7, "y"))).isEqualTo(written);
    assertThat(complete("u1", Map.of(2, "x")))
        .isEqualTo(refused(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD));
    assertThat(uploads.abort("b", "k", "u1")).contains(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
  }

  @Test
  void pagesGoByKeyThenByOpeningAndRollUpPrefixes() {
    assertThat(uploads.create("b", "k", "u1")).isEmpty();
    assertThat(uploads.create("b", "a/1", "u2")).isEmpty();
    assertThat(uploads.create("b", "a/2", "u3")).isEmpty();
    assertThat(uploads.create("b", "k", "u4")).isEmpty();
    UploadsPage first = page("", Optional.empty(), 2);
    assertThat(first.commonPrefixes()).containsExactly("a/");
    assertThat(first.uploads()).containsExactly(new UploadsPage.Item("k", "u1"));
    assertThat(first.next()).contains(new UploadsPage.Marker("k", Optional.of("u1")));
    UploadsPage second = page("k", Optional.of("u1"), 2);
    assertThat(second.uploads()).containsExactly(new UploadsPage.Item("k", "u4"));
    assertThat(second.next()).isEmpty();
    assertThat(page("a/1", Optional.empty(), 9).commonPrefixes()).isEmpty();
    assertThat(page("k", Optional.empty(), 9).uploads()).isEmpty();
    assertThat(page("", Optional.empty(), 0).next()).isEmpty();
  }

  private UploadsPage page(String marker, Optional<String> upload, int size) {
    Answer<UploadsPage> page = uploads.list(new UploadQuery("b", "", "/", marker, upload, size));
    assertThat(page).isInstanceOf(Answer.Found.class);
    return ((Answer.Found<UploadsPage>) page).value();
  }

  private Answer<Written> complete(String id, Map<Integer, String> parts) {
    NavigableMap<Integer, String> asked = new TreeMap<>(parts);
    return uploads.complete("b", "k", id, asked, Conditions.none(), "unused");
  }

  private static Answer<Written> refused(ErrorReason reason) {
    return new Answer.Refused<>(reason);
  }

  @Test
  void uploadsNeedTheirBucket() {
    assertThat(uploads.create("c", "k", "u1")).contains(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    assertThat(uploads.list(new UploadQuery("c", "", "", "", Optional.empty(), 1)))
        .isEqualTo(new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET));
    assertThat(List.of(uploads.parts("b", "k", "u1")))
        .containsExactly(new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD));
  }
}
