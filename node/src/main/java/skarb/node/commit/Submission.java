package skarb.node.commit;

import java.util.List;
import java.util.Optional;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.ObjectKey;

/// A mutation on its way to the committer, with what comes along.
///
/// @param mutation what is asked
/// @param fence the key that allowed it; empty for the operator and for the node itself
/// @param bodies small chunks that ride in the journal beside the entry; all others are durable
///   already. At most [#MAX_BODY_BYTES] in all
/// @param onApplied ends the pins on the chunks that the mutation names. Runs once, on the
///   committer's thread, when the mutation was applied or when it is certain that it never will be;
///   so it neither blocks nor throws. After a failed force the fate of a write is open until the
///   next start: it then never runs, and the chunks stay pinned until the process ends
public record Submission(
    Mutation mutation, Optional<KeyFence> fence, List<EncodedChunk> bodies, Runnable onApplied) {
  /// The most bytes of bodies in one submission: what fits a frame whatever else is in it.
  public static final int MAX_BODY_BYTES = 1 << 20;

  /// About what an entry has beside its key and its value.
  private static final int OVERHEAD_BYTES = 256;

  /// About what the end of an upload takes beside the names that it repeats.
  private static final int ENDED_UPLOAD_BYTES = 512;

  public Submission {
    bodies = List.copyOf(bodies);
    long bytes = bodies.stream().mapToLong(EncodedChunk::recordLength).sum();
    if (bytes > MAX_BODY_BYTES) {
      throw new IllegalArgumentException("bodies of " + bytes + " bytes belong into segments");
    }
  }

  /// A mutation with nothing along.
  public static Submission of(Mutation mutation, Optional<KeyFence> fence) {
    return new Submission(mutation, fence, List.of(), () -> {});
  }

  /// About how many bytes it adds to a frame, known before it is evaluated.
  long estimatedBytes() {
    long bytes = OVERHEAD_BYTES;
    for (EncodedChunk body : bodies) {
      bytes += body.recordLength();
    }
    return switch (mutation) {
      case Mutation.PutObject put -> bytes + estimatedBytes(put);
      case Mutation.CopyObject copy -> bytes + estimatedBytes(copy.object());
      case Mutation.CompleteUpload complete ->
          bytes + ENDED_UPLOAD_BYTES + 2 * estimatedBytes(complete.object());
      case Mutation.OpenUpload open ->
          bytes + open.value().getSerializedSize() + open.key().bytes().size();
      case Mutation.PutPart put -> bytes + put.part().getSerializedSize();
      case Mutation.AbortUpload abort -> bytes + abort.key().bytes().size();
      case Mutation.EndUploads _ -> UploadMutations.END_AT_ONCE * (bytes + ObjectKey.MAX_BYTES);
      case Mutation.DeleteObject delete -> bytes + 3L * delete.key().bytes().size();
      case Mutation.LogEntries log ->
          bytes + log.entries().stream().mapToLong(each -> each.entry().bytes().size() + 64L).sum();
      case Mutation.ReleaseEntries release -> bytes + 64L * release.entries().size();
      case Mutation.NoteBodies note -> bytes + 64L * note.entries().size();
      case Mutation.DropTombstones drop ->
          bytes + drop.tombstones().stream().mapToLong(each -> each.getSerializedSize()).sum();
      case Mutation.ResolveConflict resolve -> bytes + 2L * resolve.key().bytes().size();
      case Mutation.SetMember _,
          Mutation.CreateBucket _,
          Mutation.DeleteBucket _,
          Mutation.SetBucketSetting _,
          Mutation.PutUser _,
          Mutation.CreateKey _,
          Mutation.SetKeyEnabled _,
          Mutation.ResealKey _,
          Mutation.DeleteKey _ ->
          2 * bytes;
    };
  }

  private static long estimatedBytes(Mutation.PutObject put) {
    return put.body().getSerializedSize() + 2L * put.key().bytes().size();
  }
}
