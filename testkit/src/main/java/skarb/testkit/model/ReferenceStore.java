package skarb.testkit.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import skarb.v1.ErrorReason;

/// A store of buckets and objects as S3 promises it, without versions, for one user.
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
/// Where a call's outcome is not known (a crash, a cut connection) keep two models: [#copy], apply
/// it to one, and let the next answers decide. Not safe for use by many threads.
public final class ReferenceStore<V> {
  /// The order of listings: of the UTF-8 bytes, which that of Java's strings is not.
  public static final Comparator<String> BYTE_ORDER =
      (one, other) -> Arrays.compareUnsigned(one.getBytes(UTF_8), other.getBytes(UTF_8));

  private final TreeMap<String, TreeMap<String, V>> buckets;

  /// An empty store.
  public ReferenceStore() {
    this.buckets = new TreeMap<>(BYTE_ORDER);
  }

  private ReferenceStore(ReferenceStore<V> other) {
    this();
    other.buckets.forEach((name, objects) -> buckets.put(name, new TreeMap<>(objects)));
  }

  /// An independent store with the same content.
  public ReferenceStore<V> copy() {
    return new ReferenceStore<>(this);
  }

  // Writes: each returns why it was refused, or nothing if it was done.

  /// Makes a bucket.
  public Optional<ErrorReason> createBucket(String bucket) {
    if (buckets.containsKey(bucket)) {
      return Optional.of(ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU);
    }
    buckets.put(bucket, new TreeMap<>(BYTE_ORDER));
    return Optional.empty();
  }

  /// Deletes an empty bucket.
  public Optional<ErrorReason> deleteBucket(String bucket) {
    Map<String, V> objects = buckets.get(bucket);
    if (objects == null) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    if (!objects.isEmpty()) {
      return Optional.of(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    }
    buckets.remove(bucket);
    return Optional.empty();
  }

  /// Stores an object in place of what has its key.
  public Optional<ErrorReason> put(String bucket, String key, V value) {
    Map<String, V> objects = buckets.get(bucket);
    if (objects == null) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    objects.put(key, value);
    return Optional.empty();
  }

  /// Deletes an object. That it is not there is no error.
  public Optional<ErrorReason> delete(String bucket, String key) {
    Map<String, V> objects = buckets.get(bucket);
    if (objects == null) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    objects.remove(key);
    return Optional.empty();
  }

  // Reads.

  /// The buckets, in order of their names.
  public List<String> buckets() {
    return List.copyOf(buckets.keySet());
  }

  /// An object.
  public Answer<V> get(String bucket, String key) {
    Map<String, V> objects = buckets.get(bucket);
    if (objects == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    V value = objects.get(key);
    return value == null
        ? new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_KEY)
        : new Answer.Found<>(value);
  }

  /// One page of a bucket. A page is truncated only if an entry follows, and an empty one by
  /// request never is.
  public Answer<Page<V>> list(ListQuery query) {
    Map<String, V> objects = buckets.get(query.bucket());
    if (objects == null) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    List<Map.Entry<String, Optional<V>>> entries = List.copyOf(entries(objects, query).entrySet());
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
  private Map<String, Optional<V>> entries(Map<String, V> objects, ListQuery query) {
    Map<String, Optional<V>> entries = new TreeMap<>(BYTE_ORDER);
    objects.forEach((key, value) -> {
      if (!key.startsWith(query.prefix())) {
        return;
      }
      int cut =
          query.delimiter().isEmpty()
              ? -1
              : key.indexOf(query.delimiter(), query.prefix().length());
      String name = cut < 0 ? key : key.substring(0, cut + query.delimiter().length());
      if (BYTE_ORDER.compare(name, query.after()) > 0) {
        entries.put(name, cut < 0 ? Optional.of(value) : Optional.empty());
      }
    });
    return entries;
  }
}
