package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.ObjectVersion;
import skarb.node.index.VersionListing;
import skarb.node.index.VersionPage;
import skarb.node.model.BucketName;
import skarb.node.model.Etag;
import skarb.node.model.NodeException;
import skarb.node.model.VersionId;
import skarb.testkit.model.Answer;
import skarb.testkit.model.Conditions;
import skarb.testkit.model.ReferenceStore;
import skarb.testkit.model.VersionQuery;
import skarb.testkit.model.VersionsPage;
import skarb.testkit.model.Written;
import skarb.v1.BucketSetting;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// What mutations should do: the reference model, of several users.
final class MutationModel {
  private static final int PAGE = 3;

  /// A bucket.
  ///
  /// @param versions a line for each, in the order of their listing
  record Bucket(String owner, Versioning versioning, boolean guarded, List<String> versions) {

    /// Without the ids of versions: where a write's answer was never heard nobody knows its id.
    Bucket anonymous() {
      return new Bucket(
          owner,
          versioning,
          guarded,
          versions.stream()
              .map(line -> line.replaceAll(" ([0-9a-f]{32}|not heard \\d+) ", " * "))
              .toList());
    }
  }

  private final ReferenceStore<String> store = new ReferenceStore<>();
  private final NavigableMap<String, String> owners = new TreeMap<>();
  private int unheard;

  /// Its state.
  NavigableMap<String, Bucket> buckets() {
    NavigableMap<String, Bucket> found = new TreeMap<>();
    for (String name : store.buckets()) {
      VersionsPage<String> all = value(store.listVersions(VersionQuery.of(name)));
      found.put(
          name,
          new Bucket(
              String.valueOf(owners.get(name)),
              value(store.versioning(name)),
              value(store.guardedOverwrites(name)),
              all.versions().stream()
                  .map(item ->
                      line(item.key(), item.versionId(), item.latest(), item.value().orElse("-")))
                  .toList()));
    }
    return found;
  }

  static NavigableMap<String, Bucket> anonymous(NavigableMap<String, Bucket> buckets) {
    NavigableMap<String, Bucket> without = new TreeMap<>();
    buckets.forEach((name, bucket) -> without.put(name, bucket.anonymous()));
    return without;
  }

  /// What rows say, in the same form, of the buckets that [RandomMutations] draws.
  static NavigableMap<String, Bucket> read(IndexView rows) {
    Catalog catalog = new Catalog(rows);
    NavigableMap<String, Bucket> found = new TreeMap<>();
    for (int b = 0; b < RandomMutations.BUCKETS; b++) {
      catalog
          .bucket("bucket" + b)
          .ifPresent(bucket ->
              found.put(
                  bucket.value().getName(),
                  new Bucket(
                      bucket.value().getOwnerId(),
                      catalog.versioning(bucket.incarnation()),
                      catalog.guardedOverwrites(bucket.incarnation()),
                      versions(rows, bucket))));
    }
    return found;
  }

  private static List<String> versions(IndexView rows, BucketRow bucket) {
    List<String> lines = new ArrayList<>();
    ByteString afterKey = ByteString.EMPTY;
    Optional<VersionId> afterVersion = Optional.empty();
    while (true) {
      VersionPage page =
          VersionListing.page(
              rows,
              new VersionListing.Request(
                  bucket.incarnation(),
                  ByteString.EMPTY,
                  ByteString.EMPTY,
                  afterKey,
                  afterVersion,
                  PAGE));
      page.entries().forEach(entry -> lines.add(line(rows, bucket, entry)));
      if (page.next().isEmpty()) {
        return lines;
      }
      afterKey = page.next().get().key();
      afterVersion = page.next().get().version().map(VersionId.Stamped::new);
    }
  }

  private static String line(IndexView rows, BucketRow bucket, VersionPage.Entry entry) {
    if (!(entry instanceof VersionPage.VersionEntry(var key, var version, var latest))) {
      throw new AssertionError("a common prefix without a delimiter");
    }
    Optional<ObjectVersion> current = new Catalog(rows).current(bucket.incarnation(), key);
    if (latest != current.equals(Optional.of(version))) {
      throw new AssertionError(version + " is said to be the latest, but current is " + current);
    }
    return line(
        key.toStringUtf8(),
        version.versionId().text(),
        latest,
        version.isDeleteMarker() ? "-" : Etag.of(version.body()));
  }

  private static String line(String key, String id, boolean latest, String value) {
    return key + " " + id + " " + (latest ? "latest " : "") + value;
  }

  /// What an outcome says, as the model says it.
  static Answer<Written> answer(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Failed(NodeException reason) -> new Answer.Refused<>(reason.reason());
      case Outcome.Done(Committed committed) -> new Answer.Found<>(written(committed.answer()));
    };
  }

  private static Written written(Committed.Answer answer) {
    if (answer instanceof Committed.ObjectPut put) {
      return new Written(put.versionId().map(VersionId::text), false);
    }
    return answer instanceof Committed.ObjectDeleted deleted
        ? new Written(deleted.versionId().map(VersionId::text), deleted.deleteMarker())
        : new Written(Optional.empty(), false);
  }

  /// The id that an answer named.
  static Optional<String> idIn(Answer<Written> answer) {
    return answer instanceof Answer.Found<Written>(var written)
        ? written.versionId()
        : Optional.empty();
  }

  /// Does the same.
  ///
  /// @param heard the id that the node's answer named; empty where there was none
  Answer<Written> perform(Mutation mutation, Optional<String> heard) {
    String newId = heard.orElse("not heard " + unheard++);
    return switch (mutation) {
      case Mutation.CreateBucket create -> of(createBucket(create));
      case Mutation.DeleteBucket delete -> {
        Optional<ErrorReason> refused = denied(delete.bucket(), delete.userId());
        yield of(refused.or(() -> store.deleteBucket(delete.bucket().value())));
      }
      case Mutation.SetBucketSetting set -> {
        Optional<ErrorReason> refused = denied(set.bucket(), set.userId());
        yield of(refused.or(() -> set(set.bucket().value(), set.setting())));
      }
      case Mutation.PutObject put ->
          denied(put.bucket(), put.userId())
              .map(MutationModel::refused)
              .orElseGet(() ->
                  store.put(
                      put.bucket().value(),
                      put.key().text(),
                      Etag.of(put.body()),
                      conditions(put.conditions()),
                      newId));
      case Mutation.DeleteObject delete ->
          denied(delete.bucket(), delete.userId())
              .map(MutationModel::refused)
              .orElseGet(() ->
                  store.delete(
                      delete.bucket().value(),
                      delete.key().text(),
                      delete.versionId().map(VersionId::text),
                      conditions(delete.conditions()),
                      newId));
      case Mutation.LogEntries _,
          Mutation.ReleaseEntries _,
          Mutation.NoteBodies _,
          Mutation.DropTombstones _,
          Mutation.SetMember _,
          Mutation.ResolveConflict _,
          Mutation.CopyObject _,
          Mutation.OpenUpload _,
          Mutation.PutPart _,
          Mutation.CompleteUpload _,
          Mutation.AbortUpload _,
          Mutation.EndUploads _,
          Mutation.PutUser _,
          Mutation.CreateKey _,
          Mutation.SetKeyEnabled _,
          Mutation.ResealKey _,
          Mutation.DeleteKey _ ->
          throw new AssertionError("not modelled: " + mutation);
    };
  }

  private Optional<ErrorReason> createBucket(Mutation.CreateBucket create) {
    String name = create.bucket().value();
    Optional<ErrorReason> refused = store.createBucket(name);
    if (refused.isEmpty()) {
      owners.put(name, create.userId());
    } else if (!create.userId().equals(owners.get(name))) {
      return Optional.of(ErrorReason.ERROR_REASON_BUCKET_ALREADY_EXISTS);
    }
    return refused;
  }

  private Optional<ErrorReason> set(String bucket, BucketSetting setting) {
    return setting.hasVersioning()
        ? store.setVersioning(bucket, setting.getVersioning())
        : store.setGuardedOverwrites(bucket, setting.getGuardedOverwrites());
  }

  private Optional<ErrorReason> denied(BucketName bucket, String userId) {
    return store.buckets().contains(bucket.value()) && !userId.equals(owners.get(bucket.value()))
        ? Optional.of(ErrorReason.ERROR_REASON_ACCESS_DENIED)
        : Optional.empty();
  }

  private static Answer<Written> of(Optional<ErrorReason> refused) {
    return refused
        .map(MutationModel::refused)
        .orElse(new Answer.Found<>(new Written(Optional.empty(), false)));
  }

  private static Answer<Written> refused(ErrorReason reason) {
    return new Answer.Refused<>(reason);
  }

  private static <T> T value(Answer<T> answer) {
    return switch (answer) {
      case Answer.Found<T>(var value) -> value;
      case Answer.Refused<T>(var reason) -> throw new AssertionError(reason);
    };
  }

  private static Conditions<String> conditions(WriteConditions conditions) {
    return new Conditions<>(
        conditions.hasIfMatch() ? Optional.of(test(conditions.getIfMatch())) : Optional.empty(),
        conditions.hasIfNoneMatch()
            ? Optional.of(test(conditions.getIfNoneMatch()))
            : Optional.empty());
  }

  private static Predicate<String> test(EtagCondition condition) {
    return etag -> condition.getAny() || condition.getEtagsList().contains(etag);
  }
}
