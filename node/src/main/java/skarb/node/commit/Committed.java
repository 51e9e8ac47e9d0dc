package skarb.node.commit;

import java.util.Optional;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.UploadName;
import skarb.node.model.VersionId;
import skarb.v1.AccessKey;
import skarb.v1.BucketValue;
import skarb.v1.CompletedUpload;
import skarb.v1.UserValue;

/// A mutation was done: what it made is durable and visible.
///
/// @param written the entry; empty where nothing had to change
/// @param answer what the caller is told
public record Committed(Optional<Written> written, Answer answer) {

  /// Names an entry.
  ///
  /// @param dot its name
  /// @param order its stamp and origin: the identity of a version that it wrote
  public record Written(EntryDot dot, EntryOrder order) {}

  /// What the caller is told: one kind for each mutation.
  public sealed interface Answer {}

  /// A bucket was made.
  ///
  /// @param incarnation its identity
  /// @param bucket its row
  public record BucketCreated(EntryDot incarnation, BucketValue bucket) implements Answer {}

  /// A setting of a bucket is what was asked for.
  public record BucketSettingStored() implements Answer {}

  /// A bucket was deleted.
  public record BucketDeleted() implements Answer {}

  /// An object was written.
  ///
  /// @param versionId empty in a bucket that was never versioned
  /// @param modifiedMillis the time it carries
  public record ObjectPut(Optional<VersionId> versionId, long modifiedMillis) implements Answer {}

  /// An object is gone.
  ///
  /// @param existed whether anything was there: the version named, or what was current
  /// @param versionId the version that was named or the marker that was made; empty in a bucket
  ///   that was never versioned, where none was named
  /// @param deleteMarker whether that is a delete marker
  public record ObjectDeleted(boolean existed, Optional<VersionId> versionId, boolean deleteMarker)
      implements Answer {}

  /// Entries of other sites are logged.
  ///
  /// @param logged how many were new
  /// @param pended how many of these cannot act yet
  public record EntriesLogged(int logged, int pended) implements Answer {}

  /// Something that only this node asked for is done.
  public record Noted() implements Answer {}

  /// Nothing was written: what the mutation was made of has changed since. Whoever made it makes it
  /// again.
  public record PrepareAgain() implements Answer {}

  /// An upload was opened.
  ///
  /// @param upload names it
  public record UploadOpened(UploadName upload) implements Answer {}

  /// A part was stored.
  ///
  /// @param modifiedMillis the time it carries
  public record PartStored(long modifiedMillis) implements Answer {}

  /// An upload was completed, by this mutation or by one before it.
  ///
  /// @param completed what is remembered of it
  public record UploadCompleted(CompletedUpload completed) implements Answer {}

  /// An upload was ended without an object.
  public record UploadAborted() implements Answer {}

  /// Uploads of a bucket that is gone were ended.
  ///
  /// @param count how many: 0 where none was left
  public record UploadsEnded(int count) implements Answer {}

  /// A user is there.
  public record UserStored(String userId, UserValue user) implements Answer {}

  /// An access key is there.
  ///
  /// @param generation as a [KeyFence] names it
  /// @param key its row, the sealed secret included
  /// @param user its user's row
  public record KeyStored(String accessKeyId, long generation, AccessKey key, UserValue user)
      implements Answer {
    @Override
    public String toString() {
      return "KeyStored[" + accessKeyId + ", " + generation + "]";
    }
  }

  /// An access key is gone.
  public record KeyDeleted() implements Answer {}
}
