package skarb.testkit.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import skarb.testkit.model.KeyVersions.Version;
import skarb.v1.ErrorReason;
import skarb.v1.Versioning;

/// A store of buckets and objects as S3 promises it, for one user.
///
/// `V` is whatever the test keeps of an object to compare it by: its bytes, its digest, a number.
///
/// ```java
/// var model = new ReferenceStore<String>();
/// model.createBucket("b");
/// model.put("b", "key", "content");
/// assertThat(answerOfTheNode).isEqualTo(model.get("b", "key"));
/// ```
///
/// The model makes no version ids up: whoever drives it hands in the id that the store under test
/// answered, and compares what the model made of it. A copy, and an upload in parts that completes,
/// are a [#put] of what they come to.
///
/// Where a call's outcome is not known (a crash, a cut connection) keep two models: [#copy], apply
/// it to one, and let the next answers decide. Not safe for use by many threads.
public final class ReferenceStore<V> {
  /// The id of the null version.
  public static final String NULL_ID = "null";

  /// The order of listings: of the UTF-8 bytes, which that of Java's strings is not.
  public static final Comparator<String> BYTE_ORDER =
      (one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));

  private final TreeMap<String, Bucket<V>> buckets;

  /// Where versions stand among all writes, removed ones too: markers name them.
  private final Map<String, Long> places;

  private long writes;

  /// A bucket.
  private static final class Bucket<V> {
    private final TreeMap<String, KeyVersions<V>> keys = new TreeMap<>(BYTE_ORDER);
    private Versioning versioning = Versioning.VERSIONING_UNSPECIFIED;
    private boolean guarded;

    KeyVersions<V> versions(String key) {
      KeyVersions<V> versions = keys.get(key);
      return versions == null ? new KeyVersions<>() : versions;
    }
  }

  /// An empty store.
  public ReferenceStore() {
    this.buckets = new TreeMap<>(BYTE_ORDER);
    this.places = new TreeMap<>();
  }

  private ReferenceStore(ReferenceStore<V> other) {
    this();
    writes = other.writes;
    places.putAll(other.places);
    other.buckets.forEach((name, bucket) -> {
      Bucket<V> copy = new Bucket<>();
      copy.versioning = bucket.versioning;
      copy.guarded = bucket.guarded;
      bucket.keys.forEach((key, versions) -> copy.keys.put(key, new KeyVersions<>(versions)));
      buckets.put(name, copy);
    });
  }

  /// An independent store with the same content.
  public ReferenceStore<V> copy() {
    return new ReferenceStore<>(this);
  }

  // Writes: each returns why it was refused, or nothing if it was done; or what it made.

  /// Makes a bucket.
  public Optional<ErrorReason> createBucket(String bucket) {
    if (buckets.containsKey(bucket)) {
      return Optional.of(ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU);
    }
    buckets.put(bucket, new Bucket<>());
    return Optional.empty();
  }

  /// Deletes a bucket without any version.
  public Optional<ErrorReason> deleteBucket(String bucket) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    if (!found.keys.isEmpty()) {
      return Optional.of(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    }
    buckets.remove(bucket);
    return Optional.empty();
  }

  /// Says whether a bucket keeps versions.
  ///
  /// @param versioning ENABLED or SUSPENDED
  public Optional<ErrorReason> setVersioning(String bucket, Versioning versioning) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    found.versioning = versioning;
    return Optional.empty();
  }

  /// Says whether writes over what is current must carry a condition.
  public Optional<ErrorReason> setGuardedOverwrites(String bucket, boolean guarded) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    found.guarded = guarded;
    return Optional.empty();
  }

  /// Stores an object in a bucket that keeps no versions.
  public Optional<ErrorReason> put(String bucket, String key, V value) {
    return reason(put(bucket, key, value, Conditions.none(), "unused"));
  }

  /// Stores an object.
  ///
  /// @param newId the id of the version that it becomes, where the bucket keeps versions
  public Answer<Written> put(
      String bucket, String key, V value, Conditions<V> conditions, String newId) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    Optional<V> current = found.versions(key).current().flatMap(Version::value);
    Optional<ErrorReason> refused = judge(found, current, conditions);
    if (refused.isPresent()) {
      return new Answer.Refused<>(refused.get());
    }
    return new Answer.Found<>(new Written(write(found, key, Optional.of(value), newId), false));
  }

  private static <V> Optional<ErrorReason> judge(
      Bucket<V> bucket, Optional<V> current, Conditions<V> conditions) {
    if (conditions.ifMatch().isPresent() && current.isEmpty()) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_KEY);
    }
    boolean mismatch = conditions.ifMatch().isPresent() && !holds(conditions.ifMatch(), current);
    if (mismatch || holds(conditions.ifNoneMatch(), current)) {
      return Optional.of(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    }
    return bucket.guarded && conditions.isNone() && current.isPresent()
        ? Optional.of(ErrorReason.ERROR_REASON_CONDITION_REQUIRED)
        : Optional.empty();
  }

  private static <V> boolean holds(Optional<Predicate<V>> condition, Optional<V> value) {
    return condition.isPresent() && value.isPresent() && condition.get().test(value.get());
  }

  /// Makes what is current, in the null version or in one of its own.
  private Optional<String> write(Bucket<V> bucket, String key, Optional<V> value, String newId) {
    Optional<String> told =
        switch (bucket.versioning) {
          case VERSIONING_ENABLED -> Optional.of(newId);
          case VERSIONING_SUSPENDED -> Optional.of(NULL_ID);
          case VERSIONING_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    String id = told.orElse(NULL_ID);
    long place = ++writes;
    if (!id.equals(NULL_ID)) {
      places.put(id, place);
    }
    bucket
        .keys
        .computeIfAbsent(key, absent -> new KeyVersions<>())
        .add(new Version<>(place, id, value));
    return told;
  }

  /// Deletes an object in a bucket that keeps no versions. That it is not there is no error.
  public Optional<ErrorReason> delete(String bucket, String key) {
    return reason(delete(bucket, key, Optional.empty(), Conditions.none(), "unused"));
  }

  /// Deletes an object. That it is not there is no error.
  ///
  /// @param versionId the version to remove for good; empty for what is current
  /// @param newId the id of the delete marker, where one is made and the bucket keeps versions
  public Answer<Written> delete(
      String bucket,
      String key,
      Optional<String> versionId,
      Conditions<V> conditions,
      String newId) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    boolean marks = versionId.isEmpty() && found.versioning != Versioning.VERSIONING_UNSPECIFIED;
    Optional<Version<V>> target =
        marks ? found.versions(key).current() : found.versions(key).find(versionId.orElse(NULL_ID));
    if (target.isPresent() && isRefused(target.get(), conditions)) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    }
    if (marks) {
      return target.isEmpty() && conditions.ifMatch().isPresent()
          ? new Answer.Found<>(new Written(Optional.empty(), false))
          : new Answer.Found<>(new Written(write(found, key, Optional.empty(), newId), true));
    }
    boolean marker = target.isPresent() && target.get().value().isEmpty();
    if (target.isPresent()) {
      remove(found, key, target.get().id());
    }
    return new Answer.Found<>(new Written(versionId, marker));
  }

  private static <V> boolean isRefused(Version<V> target, Conditions<V> conditions) {
    boolean mismatch =
        conditions.ifMatch().isPresent() && !holds(conditions.ifMatch(), target.value());
    return mismatch || holds(conditions.ifNoneMatch(), target.value());
  }

  private static <V> void remove(Bucket<V> bucket, String key, String id) {
    KeyVersions<V> versions = bucket.versions(key);
    versions.remove(id);
    if (versions.all().isEmpty()) {
      bucket.keys.remove(key);
    }
  }

  private static Optional<ErrorReason> reason(Answer<Written> answer) {
    return switch (answer) {
      case Answer.Found<Written> _ -> Optional.empty();
      case Answer.Refused<Written>(var reason) -> Optional.of(reason);
    };
  }

  // Reads.

  /// The buckets, in order of their names.
  public List<String> buckets() {
    return List.copyOf(buckets.keySet());
  }

  /// Whether a bucket keeps versions.
  public Answer<Versioning> versioning(String bucket) {
    Bucket<V> found = buckets.get(bucket);
    return found == null
        ? new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET)
        : new Answer.Found<>(found.versioning);
  }

  /// Whether writes over what is current must carry a condition.
  public Answer<Boolean> guardedOverwrites(String bucket) {
    Bucket<V> found = buckets.get(bucket);
    return found == null
        ? new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET)
        : new Answer.Found<>(found.guarded);
  }

  /// An object.
  public Answer<V> get(String bucket, String key) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    return found
        .versions(key)
        .current()
        .flatMap(Version::value)
        .<Answer<V>>map(Answer.Found::new)
        .orElse(new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_KEY));
  }

  /// A version of an object.
  public Answer<V> get(String bucket, String key, String versionId) {
    Bucket<V> found = buckets.get(bucket);
    if (found == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    Optional<Version<V>> version = found.versions(key).find(versionId);
    if (version.isEmpty()) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_VERSION);
    }
    return version
        .get()
        .value()
        .<Answer<V>>map(Answer.Found::new)
        .orElse(new Answer.Refused<>(ErrorReason.ERROR_REASON_DELETE_MARKER));
  }

  /// One page of a bucket. A page is truncated only if an entry follows, and an empty one by
  /// request never is.
  public Answer<Page<V>> list(ListQuery query) {
    Bucket<V> bucket = buckets.get(query.bucket());
    if (bucket == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    List<Map.Entry<String, Optional<V>>> entries = List.copyOf(entries(bucket, query).entrySet());
    int count = Math.min(entries.size(), Math.min(query.pageSize(), ListQuery.MAX_PAGE_SIZE));
    List<Page.Item<V>> found = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (var entry : entries.subList(0, count)) {
      entry
          .getValue()
          .ifPresentOrElse(
              value -> found.add(new Page.Item<>(entry.getKey(), value)),
              () -> prefixes.add(entry.getKey()));
    }
    boolean more = count > 0 && count < entries.size();
    Optional<String> marker =
        more ? Optional.of(entries.get(count - 1).getKey()) : Optional.empty();
    return new Answer.Found<>(new Page<>(found, prefixes, marker));
  }

  /// All entries above `after` in order: objects with their value, common prefixes with none.
  private Map<String, Optional<V>> entries(Bucket<V> bucket, ListQuery query) {
    Map<String, Optional<V>> entries = new TreeMap<>(BYTE_ORDER);
    bucket.keys.forEach((key, versions) -> {
      Optional<V> value = versions.current().flatMap(Version::value);
      if (value.isEmpty() || !key.startsWith(query.prefix())) {
        return;
      }
      String common = commonPrefix(key, query.prefix(), query.delimiter());
      String name = common == null ? key : common;
      if (BYTE_ORDER.compare(name, query.after()) > 0) {
        entries.put(name, common == null ? value : Optional.empty());
      }
    });
    return entries;
  }

  private static @Nullable String commonPrefix(String key, String prefix, String delimiter) {
    int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
    return cut < 0 ? null : key.substring(0, cut + delimiter.length());
  }

  /// One page of a bucket's versions. Truncated only if an entry follows, and an empty one by
  /// request never is.
  public Answer<VersionsPage<V>> listVersions(VersionQuery query) {
    Bucket<V> bucket = buckets.get(query.bucket());
    if (bucket == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    List<Entry<V>> entries = new ArrayList<>();
    bucket.keys.forEach((key, versions) -> addEntries(entries, query, key, versions));
    int count = Math.min(entries.size(), Math.min(query.pageSize(), ListQuery.MAX_PAGE_SIZE));
    List<VersionsPage.Item<V>> found = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    for (Entry<V> entry : entries.subList(0, count)) {
      entry.item().ifPresentOrElse(found::add, () -> prefixes.add(entry.name()));
    }
    boolean more = count > 0 && count < entries.size();
    Optional<VersionsPage.Marker> next =
        more ? Optional.of(marker(entries.get(count - 1))) : Optional.empty();
    return new Answer.Found<>(new VersionsPage<>(found, prefixes, next));
  }

  /// A line of a listing of versions.
  ///
  /// @param item empty for a common prefix
  private record Entry<V>(String name, Optional<VersionsPage.Item<V>> item) {}

  private static <V> VersionsPage.Marker marker(Entry<V> last) {
    return new VersionsPage.Marker(last.name(), last.item().map(VersionsPage.Item::versionId));
  }

  private void addEntries(
      List<Entry<V>> entries, VersionQuery query, String key, KeyVersions<V> versions) {
    if (!key.startsWith(query.prefix())) {
      return;
    }
    String common = commonPrefix(key, query.prefix(), query.delimiter());
    if (common != null) {
      Entry<V> entry = new Entry<>(common, Optional.empty());
      boolean known = !entries.isEmpty() && entries.getLast().equals(entry);
      if (!known && BYTE_ORDER.compare(common, query.keyMarker()) > 0) {
        entries.add(entry);
      }
      return;
    }
    long below = Long.MAX_VALUE;
    if (key.equals(query.keyMarker())) {
      below = query.versionIdMarker().map(id -> placeOf(versions, id)).orElse(0L);
    } else if (BYTE_ORDER.compare(key, query.keyMarker()) < 0) {
      return;
    }
    for (Version<V> version : versions.all()) {
      if (version.place() < below) {
        boolean latest = version.equals(versions.all().getFirst());
        entries.add(
            new Entry<>(
                key,
                Optional.of(new VersionsPage.Item<>(key, version.id(), latest, version.value()))));
      }
    }
  }

  /// Where a version stands or stood. Of a null version that is not there nobody knows: above all.
  private long placeOf(KeyVersions<V> versions, String id) {
    return id.equals(NULL_ID)
        ? versions.find(NULL_ID).map(Version::place).orElse(Long.MAX_VALUE)
        : places.getOrDefault(id, Long.MAX_VALUE);
  }
}
