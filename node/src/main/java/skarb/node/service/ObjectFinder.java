package skarb.node.service;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.KeptConflicts;
import skarb.node.index.ObjectVersion;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.ByteRange;
import skarb.v1.ContentRange;
import skarb.v1.ErrorReason;
import skarb.v1.ObjectInfo;
import skarb.v1.ReadConditions;

/// Finds the version that a read asks for and judges its conditions and what is wanted of its body:
/// what all reads of objects have in common.
final class ObjectFinder {
  /// The most conflicts that are told of a key.
  private static final int MOST_CONFLICTS = 100;

  private final Catalog catalog;
  private final KeptConflicts conflicts;
  private final Buckets buckets;
  private final ObjectParts parts;
  private final BodyWait wait;

  ObjectFinder(
      Catalog catalog, KeptConflicts conflicts, Buckets buckets, ObjectParts parts, BodyWait wait) {
    this.conflicts = conflicts;
    this.wait = wait;
    this.catalog = catalog;
    this.buckets = buckets;
    this.parts = parts;
  }

  /// Which version, and what must hold of it.
  ///
  /// @param versionId empty for the current version
  record Request(
      String bucket, String key, Optional<String> versionId, ReadConditions conditions) {}

  /// What was found.
  ///
  /// @param info the object
  /// @param body its row
  /// @param entry the entry that wrote it
  record Found(ObjectInfo info, Body body, EntryDot entry) {}

  /// @throws NodeException where there is nothing, or a condition says no
  Found find(Request request) {
    Requests.checkReadConditions(request.conditions());
    Located located = locate(request.bucket(), request.key(), request.versionId());
    ObjectVersion version = located.version();
    ReadRules.check(request.conditions(), version.body());
    return new Found(
        answers(located.bucket())
            .object(request.key(), version, buckets.displayName(version.ownerId()))
            .toBuilder()
            .setConflicts(
                conflicts.countOf(located.bucket(), located.key().bytes(), MOST_CONFLICTS))
            .build(),
        version.body(),
        version.dot());
  }

  /// The same once the bytes are all here: at once, unless another site wrote them just now.
  ///
  /// @throws NodeException as above, and BODY_NOT_HERE
  Found findHere(Request request) {
    return here(() -> find(request), Found::entry, request.bucket(), request.key());
  }

  /// Looks for something until its bytes are all here. After a wait it is looked for again, since
  /// it may have been overwritten meanwhile. Without one too: that nobody waits for the bytes of
  /// what was found may also come of its having been overwritten before they came.
  ///
  /// @param look looks for it
  /// @param entry the entry that wrote what was found
  /// @throws NodeException as looking does, and BODY_NOT_HERE
  <T> T here(Supplier<T> look, Function<T, EntryDot> entry, String bucket, String key) {
    return catalog.everHadSecondSite()
        ? settled(look, entry, dot -> wait.await(dot, Map.of("bucket", bucket, "key", key)))
        : look.get();
  }

  /// @param await returns once the bytes are here or not wanted any more, and whether it had to
  ///   wait
  static <T> T settled(Supplier<T> look, Function<T, EntryDot> entry, Predicate<EntryDot> await) {
    T found = look.get();
    while (true) {
      boolean waited = await.test(entry.apply(found));
      T again = look.get();
      if (!waited && entry.apply(again).equals(entry.apply(found))) {
        return again;
      }
      found = again;
    }
  }

  /// A body in a bucket that the call in progress may reach.
  record Located(BucketRow bucket, ObjectKey key, ObjectVersion version) {}

  /// @param versionId empty for the current version
  /// @throws NodeException where there is nothing, or a delete marker
  Located locate(String bucketName, String keyText, Optional<String> versionId) {
    BucketRow bucket = buckets.reach(bucketName).bucket();
    ObjectKey key = ObjectKey.of(keyText);
    ObjectVersion version =
        versionId.isEmpty()
            ? current(bucket, key)
            : named(bucket, key, VersionId.parse(versionId.get()));
    return new Located(bucket, key, version);
  }

  /// The bytes that are wanted of a body.
  ///
  /// @param range the default one for all
  /// @param part a part's number, in place of a range
  /// @throws NodeException INVALID_ARGUMENT, INVALID_RANGE or NO_SUCH_PART
  ContentRange range(Found found, ByteRange range, Optional<Integer> part) {
    if (part.isEmpty()) {
      return ReadRules.resolve(range, found.body().getManifest().getSize());
    }
    return parts.range(found.body(), part.get());
  }

  /// How the objects of a bucket are shown.
  private Answers.OfBucket answers(BucketRow bucket) {
    return Answers.ofBucket(bucket, catalog.in(bucket).versioning(bucket.incarnation()));
  }

  private ObjectVersion current(BucketRow bucket, ObjectKey key) {
    ObjectVersion current =
        catalog
            .in(bucket)
            .current(bucket.incarnation(), key.bytes())
            .orElseThrow(() -> noSuchKey(about(bucket, key)));
    if (current.isDeleteMarker()) {
      Map<String, String> facts = about(bucket, key);
      facts.put("delete_marker_version_id", current.versionId().text());
      throw noSuchKey(facts);
    }
    return current;
  }

  private ObjectVersion named(BucketRow bucket, ObjectKey key, VersionId id) {
    Map<String, String> facts = about(bucket, key);
    facts.put("version_id", id.text());
    Catalog all = catalog.in(bucket);
    Optional<ObjectVersion> found =
        switch (id) {
          case VersionId.Null _ -> all.nullVersion(bucket.incarnation(), key.bytes());
          case VersionId.Stamped(var order) ->
              all.version(bucket.incarnation(), key.bytes(), order)
                  .or(() -> all.conflict(bucket.incarnation(), key.bytes(), order));
        };
    ObjectVersion version =
        found.orElseThrow(() ->
            new NodeException(ErrorReason.ERROR_REASON_NO_SUCH_VERSION, "no such version", facts));
    if (version.isDeleteMarker()) {
      facts.put("last_modified_millis", Long.toString(version.modifiedMillis()));
      throw new NodeException(
          ErrorReason.ERROR_REASON_DELETE_MARKER, "what is asked for is a delete marker", facts);
    }
    return version;
  }

  private static NodeException noSuchKey(Map<String, String> facts) {
    return new NodeException(ErrorReason.ERROR_REASON_NO_SUCH_KEY, "no such key", facts);
  }

  private static Map<String, String> about(BucketRow bucket, ObjectKey key) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("bucket", bucket.value().getName());
    facts.put("key", key.text());
    return facts;
  }
}
