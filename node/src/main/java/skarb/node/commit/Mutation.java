package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import skarb.node.index.LoggedEntry;
import skarb.node.index.ObjectVersion;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.node.model.UploadName;
import skarb.node.model.VersionId;
import skarb.v1.AccessKey;
import skarb.v1.Body;
import skarb.v1.BucketSetting;
import skarb.v1.ConflictResolution;
import skarb.v1.MemberValue;
import skarb.v1.PartValue;
import skarb.v1.SealedSecret;
import skarb.v1.SyncPosition;
import skarb.v1.TombstoneDropped;
import skarb.v1.UploadValue;
import skarb.v1.UserValue;
import skarb.v1.WriteConditions;

/// What is asked. It is judged at its commit against the rows as they will be, every mutation
/// before it in the queue included, and becomes effects or a rejection: only effects are journaled.
///
/// `userId` is on whose behalf: a bucket is reached by its owner alone.
public sealed interface Mutation {

  /// Makes a bucket for a user. Rejected with BUCKET_ALREADY_OWNED_BY_YOU or BUCKET_ALREADY_EXISTS.
  ///
  /// @param location the LocationConstraint, may be empty
  record CreateBucket(String userId, BucketName bucket, String location) implements Mutation {}

  /// Deletes an empty bucket. Rejected with NO_SUCH_BUCKET, ACCESS_DENIED or BUCKET_NOT_EMPTY.
  record DeleteBucket(String userId, BucketName bucket) implements Mutation {}

  /// Changes a setting of a bucket; writes nothing where it is so already. Rejected with
  /// NO_SUCH_BUCKET or ACCESS_DENIED, and with INVALID_ARGUMENT where it says nothing known, or
  /// that a bucket was never versioned.
  record SetBucketSetting(String userId, BucketName bucket, BucketSetting setting)
      implements Mutation {}

  /// Writes an object, its chunks durable by now or among the bodies of the submission. Rejected
  /// with NO_SUCH_BUCKET, ACCESS_DENIED, by its conditions with PRECONDITION_FAILED or, where
  /// If-Match finds nothing, NO_SUCH_KEY, and with CONDITION_REQUIRED where the bucket's overwrites
  /// are guarded, something is current and there is no condition.
  ///
  /// @param body with `modified_millis` 0 it gets the time of its commit; one that was imported or
  ///   restored keeps its own. Fields that this release does not know, which a caller's attributes
  ///   may have brought, are left out: in an entry they would mean that it is of a later release
  record PutObject(
      String userId, BucketName bucket, ObjectKey key, Body body, WriteConditions conditions)
      implements Mutation {
    /// The most bytes of `body`: attributes and references, not the content.
    public static final int MAX_BODY_BYTES = 64 << 10;

    /// @throws NodeException METADATA_TOO_LARGE for a body over the limit
    public PutObject {
      body = ObjectWrites.checked(Body.parser(), body);
    }
  }

  /// Copies an object. Rejected as the [PutObject] that it comes to. Where the source is not there
  /// any more as it was, [Committed.PrepareAgain], and nothing is written: as long as the source's
  /// row stands at the commit, so do the chunks that the copy shares with it.
  ///
  /// @param object what is written
  /// @param source what it was made of; its bucket is the same user's
  record CopyObject(PutObject object, CopiedVersion source) implements Mutation {}

  /// Opens an upload in parts. Rejected with NO_SUCH_BUCKET or ACCESS_DENIED.
  ///
  /// @param value `initiated_millis` gets the time of the commit. Fields that this release does not
  ///   know are left out
  record OpenUpload(String userId, BucketName bucket, ObjectKey key, UploadValue value)
      implements Mutation {
    /// @throws NodeException METADATA_TOO_LARGE for a value over the limit of objects
    public OpenUpload {
      value = ObjectWrites.checked(UploadValue.parser(), value);
    }
  }

  /// Stores a part of an open upload, in place of one with its number. Rejected with
  /// NO_SUCH_BUCKET, ACCESS_DENIED or NO_SUCH_UPLOAD.
  ///
  /// @param number 1 to 10,000
  /// @param part its chunks durable by now or among the bodies of the submission, or those of the
  ///   source; `modified_millis` gets the time of the commit
  /// @param source what it was copied from, as for [CopyObject]; empty where it was sent
  record PutPart(
      String userId,
      BucketName bucket,
      ObjectKey key,
      UploadName upload,
      int number,
      PartValue part,
      Optional<CopiedVersion> source)
      implements Mutation {}

  /// Makes an object of the parts of an upload, and ends it. Rejected as the [PutObject] that it
  /// comes to, and with NO_SUCH_UPLOAD. An upload that was completed already, with the same token
  /// or by the same parts, gives the same answer. Where the parts changed since they were read,
  /// [Committed.PrepareAgain], and nothing is written.
  ///
  /// @param object what is written
  /// @param revision the stamp of the parts' last change when they were read
  /// @param partsHash SHA-256 of what was asked for
  /// @param token the caller's name for this completion; may be empty
  record CompleteUpload(
      PutObject object, UploadName upload, long revision, ByteString partsHash, String token)
      implements Mutation {}

  /// Ends an upload and lets its parts go. Rejected with NO_SUCH_BUCKET, ACCESS_DENIED or
  /// NO_SUCH_UPLOAD.
  record AbortUpload(String userId, BucketName bucket, ObjectKey key, UploadName upload)
      implements Mutation {}

  /// Ends some of the open uploads of a bucket that is gone: nobody can reach them any more.
  /// Whoever asks asks again until none was left.
  record EndUploads(EntryDot incarnation) implements Mutation {}

  /// The version that a copy was made of, as it was then.
  ///
  /// @param bucket its bucket's name
  /// @param incarnation that bucket
  /// @param key its key
  /// @param version its row
  record CopiedVersion(
      BucketName bucket, EntryDot incarnation, ObjectKey key, ObjectVersion version) {}

  /// Deletes an object. In a bucket that keeps versions, or did, this writes a delete marker; with
  /// a version's id, and in a bucket that was never versioned, it removes for good. What is not
  /// there is deleted already: this succeeds, and writes nothing but the marker. Rejected with
  /// NO_SUCH_BUCKET, ACCESS_DENIED, and with PRECONDITION_FAILED where If-Match finds another tag
  /// or a delete marker.
  ///
  /// @param versionId the version to remove for good; empty for the current one
  record DeleteObject(
      String userId,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> versionId,
      WriteConditions conditions)
      implements Mutation {}

  /// Logs entries of other sites in the order given, and lets those act that can: the others are
  /// pending, and kept as they came. Never rejected as such: the first that does not follow the
  /// last one of its origin ends it with SYNC_GAP or SYNC_FORK, and those before it stay logged.
  ///
  /// @param position up to where the sender's journal is logged with these; empty for no matter
  record LogEntries(List<ReceivedEntry> entries, Optional<SyncPosition> position)
      implements Mutation {
    public LogEntries {
      entries = List.copyOf(entries);
    }

    /// Of no journal.
    public LogEntries(List<ReceivedEntry> entries) {
      this(entries, Optional.empty());
    }
  }

  /// An entry that another site sent.
  ///
  /// @param entry as it came
  /// @param wanted whether bytes that it names are not here yet
  record ReceivedEntry(LoggedEntry entry, boolean wanted) {}

  /// Lets pending entries act whose time has come.
  record ReleaseEntries(List<PendingEntry> entries) implements Mutation {
    public ReleaseEntries {
      entries = List.copyOf(entries);
    }
  }

  /// An entry that may act now.
  ///
  /// @param dot its name
  /// @param wanted whether bytes that it names are not here yet
  record PendingEntry(EntryDot dot, boolean wanted) {}

  /// Notes that the bytes which entries name are all durable here, or no longer needed.
  record NoteBodies(List<EntryDot> entries) implements Mutation {
    public NoteBodies {
      entries = List.copyOf(entries);
    }
  }

  /// Drops registers that say that something is gone, which all members have seen. One that was set
  /// anew since stays.
  record DropTombstones(List<TombstoneDropped> tombstones) implements Mutation {
    public DropTombstones {
      tombstones = List.copyOf(tombstones);
    }
  }

  /// Makes a site a member of the realm, or changes what is said of it; writes nothing where it is
  /// so already.
  record SetMember(SiteId site, MemberValue member) implements Mutation {}

  /// Settles a kept conflict and lets its body go. Rejected with NO_SUCH_VERSION where none is kept
  /// under that order.
  ///
  /// @param loser the order of the body that lost
  record ResolveConflict(
      String userId,
      BucketName bucket,
      ObjectKey key,
      EntryOrder loser,
      ConflictResolution resolution)
      implements Mutation {}

  /// Makes a user, or changes nothing where it exists with the same name and e-mail address.
  /// Rejected with USER_ALREADY_EXISTS where these differ.
  ///
  /// @param user with `created_millis` 0 it gets the time of its commit
  record PutUser(String userId, UserValue user) implements Mutation {}

  /// Makes an access key, and its user where there is none. Rejected with ACCESS_KEY_ALREADY_EXISTS
  /// where the id is taken and [#isSame] says no, with NO_SUCH_USER where the user is not there and
  /// none is given.
  ///
  /// @param accessKeyId the id that requests name
  /// @param key whom it stands for, its sealed secret, whether it works; with `created_millis` 0 it
  ///   gets the time of its commit
  /// @param newUser what to make of a user that does not exist; one that does stays as it is
  /// @param isSame whether a key that has the id already is the one asked for, so that nothing need
  ///   be done: how "create if absent" compares secrets, which only the caller can open. Asked at
  ///   the commit, so two who ensure the same key at once agree. It depends on its argument alone,
  ///   does not block, and keeps what it knows to itself. For a plain creation: always false
  record CreateKey(
      String accessKeyId, AccessKey key, Optional<UserValue> newUser, Predicate<AccessKey> isSame)
      implements Mutation {
    @Override
    public String toString() { // the key's value and the predicate hold what is secret
      return "CreateKey[" + accessKeyId + "]";
    }
  }

  /// Enables or disables a key; writes nothing where it is so already. Rejected with
  /// NO_SUCH_ACCESS_KEY.
  record SetKeyEnabled(String accessKeyId, boolean enabled) implements Mutation {}

  /// Puts a secret that is sealed anew in the place of itself; writes nothing where the key has
  /// another by now, or is gone.
  ///
  /// @param from as it is sealed
  /// @param to the same secret under another key of the realm
  record ResealKey(String accessKeyId, SealedSecret from, SealedSecret to) implements Mutation {
    @Override
    public String toString() {
      return "ResealKey[" + accessKeyId + "]";
    }
  }

  /// Deletes a key. Rejected with NO_SUCH_ACCESS_KEY.
  record DeleteKey(String accessKeyId) implements Mutation {}
}
