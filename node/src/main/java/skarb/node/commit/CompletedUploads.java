package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.Map;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.UploadName;
import skarb.v1.CompletedUpload;
import skarb.v1.ErrorReason;

/// What completing an upload again is answered: what it was answered before, if it is the same
/// completion. Asked by whoever finds that the upload is not open, before the commit or at it.
public final class CompletedUploads {
  private CompletedUploads() {}

  /// What is remembered of a completion.
  ///
  /// @param partsHash SHA-256 of the parts that are asked for
  /// @param token the caller's name for the completion; may be empty
  /// @throws NodeException NO_SUCH_UPLOAD where nothing is remembered, or another completion
  public static CompletedUpload same(
      Catalog catalog,
      BucketRow bucket,
      ObjectKey key,
      UploadName upload,
      ByteString partsHash,
      String token) {
    return catalog
        .uploads()
        .completed(upload)
        .filter(before ->
            bucket.incarnations().contains(EntryDot.of(before.getBucket()))
                && before.getKey().equals(key.bytes())
                && (before.getPartsHash().equals(partsHash)
                    || (!token.isEmpty() && token.equals(before.getIdempotencyToken()))))
        .orElseThrow(() -> noSuchUpload(upload.text()));
  }

  /// An upload that is not open.
  ///
  /// @param upload as its caller named it
  public static NodeException noSuchUpload(String upload) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD, "no such upload", Map.of("upload_id", upload));
  }
}
