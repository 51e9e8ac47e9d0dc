package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.LocalEffects;
import skarb.node.commit.Evaluation.WriteLocal;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.index.OpenUpload;
import skarb.node.index.Uploads;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.ObjectKey;
import skarb.node.model.UploadName;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.CompletedUpload;
import skarb.v1.LocalRecord;
import skarb.v1.PartStored;
import skarb.v1.UploadEnded;
import skarb.v1.UploadForgotten;
import skarb.v1.UploadOpened;

/// The rules of uploads in parts, and of copies: of what is made of rows that are there already. As
/// pure as [MutationEvaluator].
///
/// What is long is done before, by the caller: 10,000 parts are read, checked and put together
/// outside the committer, a source's bytes likewise. Here is looked only at whether what was read
/// still stands: the revision of the parts, the dot of the source. If not, the caller begins again.
/// And if so, every chunk that the new row names is named by an old one until this very batch.
final class UploadMutations {
  /// How long a completion is remembered.
  static final Duration MEMORY = Duration.ofHours(24);

  /// How many completions whose time is over each new one forgets: more than one, so that they
  /// cannot pile up, and few, so that no batch grows long.
  private static final int FORGET_AT_ONCE = 2;

  /// How many uploads of a bucket that is gone are ended at once.
  static final int END_AT_ONCE = 16;

  private final RuleRows rows;
  private final Catalog catalog;
  private final Uploads uploads;
  private final ObjectWrites writes;

  /// @param rows the rows as all mutations before this one leave them
  UploadMutations(RuleRows rows) {
    this.rows = rows;
    this.catalog = rows.catalog();
    this.uploads = catalog.uploads();
    this.writes = new ObjectWrites(rows);
  }

  Evaluation copyObject(Mutation.CopyObject copy) {
    if (hasChanged(copy.source(), copy.object().userId())) {
      return new Holds(new Committed.PrepareAgain());
    }
    Mutation.PutObject object = copy.object();
    return writes.write(
        rows.ownBucket(object.bucket(), object.userId()),
        object.key(),
        object.body(),
        object.conditions(),
        ObjectWrites.Along.answering(
            stored -> new Committed.ObjectPut(stored.versionId(), stored.modifiedMillis())));
  }

  Evaluation openUpload(Mutation.OpenUpload open) {
    BucketRow bucket = rows.ownBucket(open.bucket(), open.userId());
    return new WriteLocal(stamp -> {
      UploadName upload = new UploadName(stamp);
      UploadOpened.Builder opened =
          UploadOpened.newBuilder()
              .setBucket(bucket.incarnation().toProto())
              .setKey(open.key().bytes())
              .setUpload(upload.toProto())
              .setValue(open.value().toBuilder().setInitiatedMillis(stamp.hlc().millis()));
      return new LocalEffects(
          List.of(LocalRecord.newBuilder().setUploadOpened(opened).build()),
          new Committed.UploadOpened(upload));
    });
  }

  Evaluation putPart(Mutation.PutPart put) {
    mustBeOpen(put.userId(), put.bucket(), put.key(), put.upload());
    if (put.source().isPresent() && hasChanged(put.source().get(), put.userId())) {
      return new Holds(new Committed.PrepareAgain());
    }
    return new WriteLocal(stamp -> {
      long millis = stamp.hlc().millis();
      PartStored.Builder stored =
          PartStored.newBuilder()
              .setUpload(put.upload().toProto())
              .setNumber(put.number())
              .setValue(put.part().toBuilder().setModifiedMillis(millis))
              .setHlc(stamp.hlc().value());
      return new LocalEffects(
          List.of(LocalRecord.newBuilder().setPartStored(stored).build()),
          new Committed.PartStored(millis));
    });
  }

  Evaluation completeUpload(Mutation.CompleteUpload complete) {
    Mutation.PutObject object = complete.object();
    BucketRow bucket = rows.ownBucket(object.bucket(), object.userId());
    Optional<EntryDot> holder = holder(bucket, object.key(), complete.upload());
    if (holder.isEmpty()) {
      return new Holds(
          new Committed.UploadCompleted(
              CompletedUploads.same(
                  catalog,
                  bucket,
                  object.key(),
                  complete.upload(),
                  complete.partsHash(),
                  complete.token())));
    }
    if (uploads.revision(complete.upload()).orElse(0) != complete.revision()) {
      return new Holds(new Committed.PrepareAgain());
    }
    List<Uploads.Completion> oldest = uploads.oldestCompletions(FORGET_AT_ONCE);
    return writes.write(
        bucket,
        object.key(),
        object.body(),
        object.conditions(),
        stored -> {
          CompletedUpload completed = completed(complete, bucket, stored);
          List<LocalRecord> local = new ArrayList<>();
          local.add(
              ended(holder.get(), object.key().bytes(), complete.upload(), Optional.of(completed)));
          oldest.stream()
              .filter(each -> isOver(each, stored.order()))
              .forEach(each -> local.add(forgotten(each.name())));
          return new LocalEffects(local, new Committed.UploadCompleted(completed));
        });
  }

  Evaluation abortUpload(Mutation.AbortUpload abort) {
    EntryDot holder = mustBeOpen(abort.userId(), abort.bucket(), abort.key(), abort.upload());
    LocalRecord ended = ended(holder, abort.key().bytes(), abort.upload(), Optional.empty());
    return new WriteLocal(stamp -> new LocalEffects(List.of(ended), new Committed.UploadAborted()));
  }

  Evaluation endUploads(Mutation.EndUploads end) {
    boolean lives = catalog.lives(end.incarnation());
    List<OpenUpload> open = lives ? List.of() : uploads.ofBucket(end.incarnation(), END_AT_ONCE);
    if (open.isEmpty()) {
      return new Holds(new Committed.UploadsEnded(0));
    }
    List<LocalRecord> ended =
        open.stream()
            .map(each -> ended(end.incarnation(), each.key(), each.name(), Optional.empty()))
            .toList();
    return new WriteLocal(
        stamp -> new LocalEffects(ended, new Committed.UploadsEnded(open.size())));
  }

  private EntryDot mustBeOpen(String userId, BucketName name, ObjectKey key, UploadName upload) {
    return holder(rows.ownBucket(name, userId), key, upload)
        .orElseThrow(() -> CompletedUploads.noSuchUpload(upload.text()));
  }

  /// The incarnation in which an upload is open.
  private Optional<EntryDot> holder(BucketRow bucket, ObjectKey key, UploadName upload) {
    return bucket.incarnations().stream()
        .filter(each -> uploads.find(each, key.bytes(), upload).isPresent())
        .findFirst();
  }

  /// Whether a copy's source is not there any more as it was.
  private boolean hasChanged(Mutation.CopiedVersion source, String userId) {
    BucketRow bucket = rows.ownBucket(source.bucket(), userId);
    Catalog all = catalog.in(bucket);
    Optional<ObjectVersion> now =
        source.version().isNull()
            ? all.nullVersion(source.incarnation(), source.key().bytes())
            : all.version(source.incarnation(), source.key().bytes(), source.version().id())
                .or(() ->
                    all.conflict(
                        source.incarnation(), source.key().bytes(), source.version().id()));
    return !bucket.incarnation().equals(source.incarnation())
        || now.isEmpty()
        || !now.get().dot().equals(source.version().dot());
  }

  private static boolean isOver(Uploads.Completion completion, EntryOrder now) {
    return completion.millis() < now.hlc().millis() - MEMORY.toMillis();
  }

  private static CompletedUpload completed(
      Mutation.CompleteUpload complete, BucketRow bucket, ObjectWrites.Stored stored) {
    Body body = complete.object().body();
    return CompletedUpload.newBuilder()
        .setBucket(bucket.incarnation().toProto())
        .setKey(complete.object().key().bytes())
        .setWritten(stored.dot().toProto())
        .setVersionId(stored.versionId().map(VersionId::text).orElse(""))
        .setEtag(body.getEtag())
        .setParts(body.getParts())
        .setChecksums(body.getChecksums())
        .setChecksumType(body.getChecksumType())
        .setSize(body.getManifest().getSize())
        .setPartsHash(complete.partsHash())
        .setIdempotencyToken(complete.token())
        .setCompletedMillis(stored.order().hlc().millis())
        .build();
  }

  private static LocalRecord ended(
      EntryDot bucket, ByteString key, UploadName upload, Optional<CompletedUpload> completed) {
    UploadEnded.Builder ended =
        UploadEnded.newBuilder()
            .setBucket(bucket.toProto())
            .setKey(key)
            .setUpload(upload.toProto());
    completed.ifPresent(ended::setCompleted);
    return LocalRecord.newBuilder().setUploadEnded(ended).build();
  }

  private static LocalRecord forgotten(UploadName upload) {
    return LocalRecord.newBuilder()
        .setUploadForgotten(UploadForgotten.newBuilder().setUpload(upload.toProto()))
        .build();
  }
}
