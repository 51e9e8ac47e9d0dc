package skarb.node.service;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.KeptConflicts;
import skarb.node.index.ObjectVersion;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Etag;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.OriginId;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.Conflict;
import skarb.v1.ConflictResolution;
import skarb.v1.CurrentObject;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.ListConflictsRequest;
import skarb.v1.ListConflictsResponse;
import skarb.v1.ResolveConflictRequest;
import skarb.v1.ResolveConflictResponse;
import skarb.v1.WriteConditions;

/// Kept conflicts for operators: shown, and settled on behalf of the bucket's owner.
final class ConflictDesk {
  private static final int MOST = 1_000;
  private static final String LISTING = "conflicts/";
  private static final int POSITION_BYTES = 4 * Long.BYTES;

  private final Catalog catalog;
  private final KeptConflicts conflicts;
  private final CommitPipeline commits;
  private final BodyWait wait;

  /// @param wait where a body that is restored waits for its bytes
  ConflictDesk(Catalog catalog, KeptConflicts conflicts, CommitPipeline commits, BodyWait wait) {
    this.catalog = catalog;
    this.conflicts = conflicts;
    this.commits = commits;
    this.wait = wait;
  }

  ListConflictsResponse list(ListConflictsRequest request) {
    int pageSize = Requests.pageSize(request.hasPageSize(), request.getPageSize(), MOST);
    String listing = LISTING + request.getBucket();
    KeptConflicts.Position after =
        request.getPageToken().isEmpty()
            ? null
            : position(PageTokens.decode(listing, request.getPageToken()));
    List<KeptConflicts.Kept> page =
        request.getBucket().isEmpty()
            ? conflicts.page(after, pageSize)
            : conflicts.page(bucket(request.getBucket()), after, pageSize);
    ListConflictsResponse.Builder response = ListConflictsResponse.newBuilder();
    for (KeptConflicts.Kept kept : page) {
      bucketOf(kept).ifPresent(bucket -> response.addConflicts(show(bucket, kept)));
    }
    if (!page.isEmpty() && page.size() == pageSize) {
      response.setNextPageToken(PageTokens.encode(listing, position(page.getLast())));
    }
    return response.build();
  }

  private static ByteString position(KeptConflicts.Kept kept) {
    ByteBuffer bytes = ByteBuffer.allocate(POSITION_BYTES + kept.key().size());
    bytes
        .putLong(kept.bucket().origin().value())
        .putLong(kept.bucket().sequence())
        .putLong(kept.loser().hlc().value())
        .putLong(kept.loser().origin().value())
        .put(kept.key().asReadOnlyByteBuffer());
    return ByteString.copyFrom(bytes.flip());
  }

  private static KeptConflicts.Position position(ByteString token) {
    if (token.size() <= POSITION_BYTES) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_PAGE_TOKEN, "not a page token of this listing");
    }
    ByteBuffer bytes = token.asReadOnlyByteBuffer();
    EntryDot bucket = new EntryDot(new OriginId(bytes.getLong()), bytes.getLong());
    EntryOrder loser = new EntryOrder(new Hlc(bytes.getLong()), new OriginId(bytes.getLong()));
    return new KeptConflicts.Position(bucket, token.substring(POSITION_BYTES), loser);
  }

  /// @throws NodeException NO_SUCH_BUCKET or NO_SUCH_CONFLICT
  Conflict get(String bucket, String key, String versionId) {
    BucketRow row = bucket(bucket);
    return show(row, find(row, ObjectKey.of(key), versionId));
  }

  ResolveConflictResponse resolve(ResolveConflictRequest request) {
    BucketRow bucket = bucket(request.getBucket());
    ObjectKey key = ObjectKey.of(request.getKey());
    KeptConflicts.Kept kept = find(bucket, key, request.getVersionId());
    return switch (request.getChoice()) {
      case CONFLICT_CHOICE_KEEP_WINNER -> {
        settle(bucket, key, kept);
        yield ResolveConflictResponse.getDefaultInstance();
      }
      case CONFLICT_CHOICE_RESTORE_LOSER -> {
        Optional<VersionId> restored = restore(bucket, key, kept);
        settle(bucket, key, kept);
        yield ResolveConflictResponse.newBuilder()
            .setRestoredVersionId(restored.map(VersionId::text).orElse(""))
            .build();
      }
      case CONFLICT_CHOICE_UNSPECIFIED, UNRECOGNIZED ->
          throw Requests.invalid("choice", "keep the winner, or restore the loser");
    };
  }

  /// Once the body stands anew, or is not wanted, the conflict is let go. A crash before this
  /// leaves it there, and resolving it again does no harm.
  private void settle(BucketRow bucket, ObjectKey key, KeptConflicts.Kept kept) {
    Committed _ =
        commits.commit(
            Submission.of(
                new Mutation.ResolveConflict(
                    bucket.value().getOwnerId(),
                    new BucketName(bucket.value().getName()),
                    key,
                    kept.loser(),
                    ConflictResolution.CONFLICT_RESOLUTION_DECIDED),
                Optional.empty()));
  }

  /// @return the version's id; empty in a bucket that was never versioned
  private Optional<VersionId> restore(BucketRow bucket, ObjectKey key, KeptConflicts.Kept kept) {
    ObjectVersion loser = kept.version();
    wait.await(loser.dot(), facts(bucket, key, loser.versionId().text()));
    BucketName name = new BucketName(bucket.value().getName());
    Body body = loser.body().toBuilder().clearModifiedMillis().build();
    Mutation.PutObject object =
        new Mutation.PutObject(
            bucket.value().getOwnerId(), name, key, body, conditions(bucket, key));
    Committed committed =
        commits.commit(
            Submission.of(
                new Mutation.CopyObject(
                    object, new Mutation.CopiedVersion(name, bucket.incarnation(), key, loser)),
                Optional.empty()));
    return switch (committed.answer()) {
      case Committed.ObjectPut(var versionId, long _) -> versionId;
      case Committed.PrepareAgain _ -> throw noSuch(bucket, key, loser.versionId().text());
      default -> throw new IllegalStateException("not of a CopyObject: " + committed);
    };
  }

  /// Where overwrites are guarded the write names what it replaces.
  private WriteConditions conditions(BucketRow bucket, ObjectKey key) {
    Catalog all = catalog.in(bucket);
    Optional<ObjectVersion> current = all.current(bucket.incarnation(), key.bytes());
    if (!all.guardedOverwrites(bucket.incarnation())
        || current.isEmpty()
        || current.get().isDeleteMarker()) {
      return WriteConditions.getDefaultInstance();
    }
    return WriteConditions.newBuilder()
        .setIfMatch(EtagCondition.newBuilder().addEtags(Etag.of(current.get().body())))
        .build();
  }

  /// The bucket by the name that it goes by; empty where none lives.
  private Optional<BucketRow> bucketOf(KeptConflicts.Kept kept) {
    return catalog
        .bucket(kept.bucket())
        .flatMap(made -> catalog.bucket(made.madeAs()))
        .filter(bucket -> bucket.incarnations().contains(kept.bucket()))
        .or(() -> catalog.bucket(BucketName.ofConflict(kept.bucket())));
  }

  private Conflict show(BucketRow bucket, KeptConflicts.Kept kept) {
    ObjectVersion loser = kept.version();
    Conflict.Builder conflict =
        Conflict.newBuilder()
            .setBucket(bucket.value().getName())
            .setKey(kept.key().toStringUtf8())
            .setVersionId(loser.versionId().text())
            .setSize(loser.body().getManifest().getSize())
            .setEtag(Etag.of(loser.body()))
            .setModified(Answers.timestamp(loser.modifiedMillis()))
            .setSiteId(loser.dot().origin().site().toString())
            .setWinnerSiteId(kept.winner().origin().site().toString())
            .setComplete(!catalog.isWanted(loser.dot()));
    catalog
        .in(bucket)
        .current(bucket.incarnation(), kept.key())
        .ifPresent(current -> conflict.setCurrent(show(current)));
    return conflict.build();
  }

  private static CurrentObject show(ObjectVersion current) {
    CurrentObject.Builder shown =
        CurrentObject.newBuilder()
            .setVersionId(current.versionId().text())
            .setDeleteMarker(current.isDeleteMarker())
            .setModified(Answers.timestamp(current.modifiedMillis()));
    if (!current.isDeleteMarker()) {
      shown.setSize(current.body().getManifest().getSize()).setEtag(Etag.of(current.body()));
    }
    return shown.build();
  }

  private KeptConflicts.Kept find(BucketRow bucket, ObjectKey key, String versionId) {
    return switch (VersionId.parse(versionId)) {
      case VersionId.Null _ -> throw noSuch(bucket, key, versionId);
      case VersionId.Stamped(var loser) ->
          bucket.incarnations().stream()
              .flatMap(each -> conflicts.find(each, key.bytes(), loser).stream())
              .findFirst()
              .orElseThrow(() -> noSuch(bucket, key, versionId));
    };
  }

  private BucketRow bucket(String name) {
    BucketName valid = new BucketName(name);
    return catalog
        .bucket(valid.value())
        .orElseThrow(() ->
            new NodeException(
                ErrorReason.ERROR_REASON_NO_SUCH_BUCKET, "no such bucket", Map.of("bucket", name)));
  }

  private static NodeException noSuch(BucketRow bucket, ObjectKey key, String versionId) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_CONFLICT,
        "no conflict is kept under this version of the key",
        facts(bucket, key, versionId));
  }

  private static Map<String, String> facts(BucketRow bucket, ObjectKey key, String versionId) {
    return Map.of("bucket", bucket.value().getName(), "key", key.text(), "version_id", versionId);
  }
}
