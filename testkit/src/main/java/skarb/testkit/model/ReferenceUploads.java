package skarb.testkit.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import skarb.v1.ErrorReason;

/// Uploads in parts as S3 promises them, beside a [ReferenceStore] into which they complete, for
/// one user.
///
/// `P` is whatever the test keeps of a part to compare it by, `V` of an object. Ids of uploads are
/// handed in by whoever drives the model. What depends on sizes and checksums is not modelled. Not
/// safe for use by many threads.
public final class ReferenceUploads<P, V> {
  private final ReferenceStore<V> store;
  private final Function<List<P>, V> join;

  /// In the order of their opening.
  private final List<Upload<P>> open = new ArrayList<>();

  private final Map<String, Completed<P>> completed = new TreeMap<>();

  private record Upload<P>(String bucket, String key, String id, NavigableMap<Integer, P> parts) {}

  private record Completed<P>(
      String bucket, String key, NavigableMap<Integer, P> asked, Written written) {}

  /// No uploads.
  ///
  /// @param join makes an object of its parts
  public ReferenceUploads(ReferenceStore<V> store, Function<List<P>, V> join) {
    this.store = store;
    this.join = join;
  }

  /// Opens an upload.
  public Optional<ErrorReason> create(String bucket, String key, String id) {
    if (isMissing(bucket)) {
      return Optional.of(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    open.add(new Upload<>(bucket, key, id, new TreeMap<>()));
    return Optional.empty();
  }

  /// Stores a part, in place of one with its number.
  public Optional<ErrorReason> putPart(String bucket, String key, String id, int number, P part) {
    Optional<Upload<P>> upload = find(bucket, key, id);
    upload.ifPresent(each -> each.parts().put(number, part));
    return upload.isPresent() ? Optional.empty() : Optional.of(missing(bucket));
  }

  /// The parts of an open upload.
  public Answer<NavigableMap<Integer, P>> parts(String bucket, String key, String id) {
    return find(bucket, key, id)
        .<Answer<NavigableMap<Integer, P>>>map(
            each -> new Answer.Found<>(new TreeMap<>(each.parts())))
        .orElse(new Answer.Refused<>(missing(bucket)));
  }

  /// Makes an object of the parts that are asked for.
  ///
  /// @param newId the id of the version that it becomes, where the bucket keeps versions
  public Answer<Written> complete(
      String bucket,
      String key,
      String id,
      NavigableMap<Integer, P> asked,
      Conditions<V> conditions,
      String newId) {
    Optional<Upload<P>> upload = find(bucket, key, id);
    if (upload.isEmpty()) {
      Completed<P> before = completed.get(id);
      return before != null
              && before.bucket().equals(bucket)
              && before.key().equals(key)
              && before.asked().equals(asked)
          ? new Answer.Found<>(before.written())
          : new Answer.Refused<>(missing(bucket));
    }
    if (!upload.get().parts().entrySet().containsAll(asked.entrySet())) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_INVALID_PART);
    }
    Answer<Written> written =
        store.put(bucket, key, join.apply(List.copyOf(asked.values())), conditions, newId);
    if (written instanceof Answer.Found<Written>(Written made)) {
      open.remove(upload.get());
      completed.put(id, new Completed<>(bucket, key, new TreeMap<>(asked), made));
    }
    return written;
  }

  /// Ends an upload.
  public Optional<ErrorReason> abort(String bucket, String key, String id) {
    Optional<Upload<P>> upload = find(bucket, key, id);
    upload.ifPresent(open::remove);
    return upload.isPresent() ? Optional.empty() : Optional.of(missing(bucket));
  }

  /// One page of a bucket's open uploads. Truncated only if an entry follows, and an empty one by
  /// request never is.
  public Answer<UploadsPage> list(UploadQuery query) {
    if (isMissing(query.bucket())) {
      return new Answer.Refused<>(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    List<UploadsPage.Item> found = new ArrayList<>();
    List<String> prefixes = new ArrayList<>();
    Optional<UploadsPage.Marker> last = Optional.empty();
    for (Upload<P> upload : inOrder(query)) {
      int cut =
          query.delimiter().isEmpty()
              ? -1
              : upload.key().indexOf(query.delimiter(), query.prefix().length());
      String common = cut < 0 ? "" : upload.key().substring(0, cut + query.delimiter().length());
      if (!common.isEmpty() && isKnown(common, prefixes, query)) {
        continue;
      }
      if (common.isEmpty() && !isAfter(upload, query)) {
        continue;
      }
      if (found.size() + prefixes.size() == query.pageSize()) {
        boolean more = query.pageSize() > 0;
        return new Answer.Found<>(new UploadsPage(found, prefixes, more ? last : Optional.empty()));
      }
      if (common.isEmpty()) {
        found.add(new UploadsPage.Item(upload.key(), upload.id()));
        last = Optional.of(new UploadsPage.Marker(upload.key(), Optional.of(upload.id())));
      } else {
        prefixes.add(common);
        last = Optional.of(new UploadsPage.Marker(common, Optional.empty()));
      }
    }
    return new Answer.Found<>(new UploadsPage(found, prefixes, Optional.empty()));
  }

  /// Whether a common prefix is on the page already, or on one before.
  private static boolean isKnown(String common, List<String> prefixes, UploadQuery query) {
    return prefixes.contains(common)
        || ReferenceStore.BYTE_ORDER.compare(common, query.keyMarker()) <= 0
        || query.keyMarker().startsWith(common);
  }

  private boolean isAfter(Upload<P> upload, UploadQuery query) {
    int order = ReferenceStore.BYTE_ORDER.compare(upload.key(), query.keyMarker());
    if (order != 0 || query.uploadIdMarker().isEmpty()) {
      return order > 0;
    }
    int marker = 0;
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).id().equals(query.uploadIdMarker().get())) {
        marker = i + 1;
      }
    }
    return open.indexOf(upload) >= marker;
  }

  private List<Upload<P>> inOrder(UploadQuery query) {
    return open.stream()
        .filter(
            each -> each.bucket().equals(query.bucket()) && each.key().startsWith(query.prefix()))
        .sorted((one, other) -> ReferenceStore.BYTE_ORDER.compare(one.key(), other.key()))
        .toList();
  }

  private Optional<Upload<P>> find(String bucket, String key, String id) {
    return open.stream()
        .filter(
            each -> each.bucket().equals(bucket) && each.key().equals(key) && each.id().equals(id))
        .findFirst();
  }

  private ErrorReason missing(String bucket) {
    return isMissing(bucket)
        ? ErrorReason.ERROR_REASON_NO_SUCH_BUCKET
        : ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD;
  }

  private boolean isMissing(String bucket) {
    return store.versioning(bucket) instanceof Answer.Refused;
  }
}
