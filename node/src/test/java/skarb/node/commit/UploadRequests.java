package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.UploadPart;
import skarb.node.index.Uploads;
import skarb.node.model.EntryDot;
import skarb.node.model.ObjectKey;
import skarb.node.model.UploadName;
import skarb.v1.Body;
import skarb.v1.Manifest;
import skarb.v1.PartValue;
import skarb.v1.UploadValue;

/// Mutations of uploads in parts with plain defaults, as those of [Requests]. The content of a part
/// stands in its MD5 field: the committer does not look.
final class UploadRequests {
  private UploadRequests() {}

  static Mutation open(String key) {
    return new Mutation.OpenUpload(
        Requests.ANN,
        Requests.BUCKET,
        ObjectKey.of(key),
        UploadValue.newBuilder().setOwnerId(Requests.ANN).build());
  }

  static Mutation part(String key, UploadName upload, int number, String content) {
    return new Mutation.PutPart(
        Requests.ANN,
        Requests.BUCKET,
        ObjectKey.of(key),
        upload,
        number,
        PartValue.newBuilder()
            .setManifest(Manifest.newBuilder().setSize(content.length()))
            .setMd5(ByteString.copyFromUtf8(content))
            .build(),
        Optional.empty());
  }

  static Mutation abort(String key, UploadName upload) {
    return new Mutation.AbortUpload(Requests.ANN, Requests.BUCKET, ObjectKey.of(key), upload);
  }

  /// A completion by all parts as they stand in a view; their contents are the object's tag.
  static Mutation.CompleteUpload complete(
      IndexView rows, String key, UploadName upload, String token) {
    Uploads uploads = new Catalog(rows).uploads();
    long revision = uploads.revision(upload).orElse(0);
    String content = String.join(",", contents(rows, upload));
    return new Mutation.CompleteUpload(
        new Mutation.PutObject(
            Requests.ANN, Requests.BUCKET, ObjectKey.of(key), whole(content), Requests.NONE),
        upload,
        revision,
        ByteString.copyFromUtf8(content),
        token);
  }

  static List<String> contents(IndexView rows, UploadName upload) {
    List<String> contents = new ArrayList<>();
    for (UploadPart part : new Catalog(rows).uploads().parts(upload, 0, 1000)) {
      contents.add(part.number() + "=" + part.value().getMd5().toStringUtf8());
    }
    return contents;
  }

  static Body whole(String content) {
    return Body.newBuilder()
        .setManifest(Manifest.newBuilder().setSize(content.length()))
        .setEtag(ByteString.copyFromUtf8(content))
        .setParts(1)
        .setOwnerId(Requests.ANN)
        .build();
  }

  /// What stands under a key, as [#whole] made it; empty where nothing does.
  static Optional<String> object(IndexView rows, String key) {
    return new Catalog(rows)
        .current(incarnation(rows), ObjectKey.of(key).bytes())
        .map(version -> version.body().getEtag().toStringUtf8());
  }

  static boolean isOpen(IndexView rows, String key, UploadName upload) {
    return new Catalog(rows)
        .uploads()
        .find(incarnation(rows), ObjectKey.of(key).bytes(), upload)
        .isPresent();
  }

  private static EntryDot incarnation(IndexView rows) {
    return new Catalog(rows).bucket(Requests.BUCKET.value()).orElseThrow().incarnation();
  }
}
