package skarb.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.v1.ErrorReason;
import skarb.v1.Versioning;

/// The versions of the reference model.
final class ReferenceVersionsTest {
  private final ReferenceStore<String> store = new ReferenceStore<>();

  @BeforeEach
  void makeBucket() {
    assertThat(store.createBucket("b")).isEmpty();
  }

  @Test
  void enabledKeepsEachWriteAndSuspendedReplacesTheNullVersion() {
    assertThat(put("k", "0", "x")).isEmpty();
    set(Versioning.VERSIONING_ENABLED);
    assertThat(put("k", "1", "v1")).contains("v1");
    assertThat(put("k", "2", "v2")).contains("v2");
    set(Versioning.VERSIONING_SUSPENDED);
    assertThat(put("k", "3", "y")).contains("null");
    assertThat(versions()).containsExactly("k null latest 3", "k v2 2", "k v1 1");
    assertThat(store.get("b", "k", "v1")).isEqualTo(new Answer.Found<>("1"));
    assertThat(store.get("b", "k", "x")).isEqualTo(refused("NO_SUCH_VERSION"));
  }

  @Test
  void deletesMakeMarkersThatHideAndIdsRemoveForGood() {
    set(Versioning.VERSIONING_ENABLED);
    put("k", "1", "v1");
    assertThat(delete("k", "", "v2")).isEqualTo(new Written(Optional.of("v2"), true));
    assertThat(store.get("b", "k")).isEqualTo(refused("NO_SUCH_KEY"));
    assertThat(store.get("b", "k", "v2")).isEqualTo(refused("DELETE_MARKER"));
    assertThat(store.deleteBucket("b")).contains(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    assertThat(delete("k", "v2", "")).isEqualTo(new Written(Optional.of("v2"), true));
    assertThat(store.get("b", "k")).isEqualTo(new Answer.Found<>("1"));
    assertThat(delete("k", "v1", "")).isEqualTo(new Written(Optional.of("v1"), false));
    assertThat(delete("k", "v1", "")).isEqualTo(new Written(Optional.of("v1"), false));
    assertThat(store.deleteBucket("b")).isEmpty();
  }

  @Test
  void conditionsLookAtWhatIsCurrentAndAMarkerIsNothing() {
    set(Versioning.VERSIONING_ENABLED);
    Conditions<String> absent = new Conditions<>(Optional.empty(), Optional.of(any -> true));
    Predicate<String> one = "1"::equals;
    Conditions<String> isOne = new Conditions<>(Optional.of(one), Optional.empty());
    assertThat(store.put("b", "k", "1", isOne, "v")).isEqualTo(refused("NO_SUCH_KEY"));
    assertThat(store.put("b", "k", "1", absent, "v1")).isInstanceOf(Answer.Found.class);
    assertThat(store.put("b", "k", "2", absent, "v")).isEqualTo(refused("PRECONDITION_FAILED"));
    assertThat(store.put("b", "k", "2", isOne, "v2")).isInstanceOf(Answer.Found.class);
    assertThat(store.setGuardedOverwrites("b", true)).isEmpty();
    assertThat(store.put("b", "k", "3", Conditions.none(), "v"))
        .isEqualTo(refused("CONDITION_REQUIRED"));
    delete("k", "", "v3");
    assertThat(put("k", "3", "v4")).contains("v4");
    assertThat(store.delete("b", "k", Optional.of("v3"), isOne, ""))
        .isEqualTo(refused("PRECONDITION_FAILED"));
  }

  @Test
  void pagesOfVersionsJoinUp() {
    set(Versioning.VERSIONING_ENABLED);
    for (int i = 0; i < 3; i++) {
      put("a/x", "1", "a" + i);
      put("k", "1", "k" + i);
    }
    VersionQuery query = VersionQuery.of("b").withDelimiter("/").withPageSize(1);
    List<String> found = new ArrayList<>();
    Optional<VersionsPage.Marker> next;
    do {
      VersionsPage<String> page = page(query);
      found.addAll(page.commonPrefixes());
      page.versions().forEach(version -> found.add(version.versionId()));
      next = page.next();
      if (next.isPresent()) {
        query = query.withMarkers(next.get().key(), next.get().versionId());
      }
    } while (next.isPresent());
    assertThat(found).containsExactly("a/", "k2", "k1", "k0");
    delete("k", "k1", "");
    assertThat(page(VersionQuery.of("b").withMarkers("k", Optional.of("k1"))).versions())
        .extracting(VersionsPage.Item::versionId)
        .containsExactly("k0");
  }

  private void set(Versioning versioning) {
    assertThat(store.setVersioning("b", versioning)).isEmpty();
  }

  private Optional<String> put(String key, String value, String id) {
    return found(store.put("b", key, value, Conditions.none(), id)).versionId();
  }

  private Written delete(String key, String id, String newId) {
    Optional<String> named = id.isEmpty() ? Optional.empty() : Optional.of(id);
    return found(store.delete("b", key, named, Conditions.none(), newId));
  }

  private List<String> versions() {
    return page(VersionQuery.of("b")).versions().stream()
        .map(version ->
            version.key()
                + " "
                + version.versionId()
                + (version.latest() ? " latest " : " ")
                + version.value().orElse("marker"))
        .toList();
  }

  private VersionsPage<String> page(VersionQuery query) {
    return found(store.listVersions(query));
  }

  private static <T> T found(Answer<T> answer) {
    return switch (answer) {
      case Answer.Found<T>(var value) -> value;
      case Answer.Refused<T>(var reason) -> throw new AssertionError(reason);
    };
  }

  private static <T> Answer<T> refused(String reason) {
    return new Answer.Refused<>(ErrorReason.valueOf("ERROR_REASON_" + reason));
  }
}
