package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.BucketName;
import skarb.node.model.ChunkId;
import skarb.node.model.ObjectKey;
import skarb.v1.AccessKey;
import skarb.v1.Body;
import skarb.v1.ChunkReference;
import skarb.v1.EtagCondition;
import skarb.v1.Manifest;
import skarb.v1.ObjectAttributes;
import skarb.v1.SealedSecret;
import skarb.v1.UserMetadata;
import skarb.v1.UserValue;
import skarb.v1.WriteConditions;

/// Mutations with plain defaults: the user is `ann`, the bucket `bucket`.
final class Requests {
  static final String ANN = "ann";
  static final String BOB = "bob";
  static final BucketName BUCKET = new BucketName("bucket");
  static final WriteConditions NONE = WriteConditions.getDefaultInstance();

  private Requests() {}

  static Submission submission(Mutation mutation) {
    return Submission.of(mutation, Optional.empty());
  }

  static Mutation createBucket() {
    return createBucket(ANN, "bucket");
  }

  static Mutation createBucket(String userId, String name) {
    return new Mutation.CreateBucket(userId, new BucketName(name), "");
  }

  static Mutation deleteBucket(String userId) {
    return new Mutation.DeleteBucket(userId, BUCKET);
  }

  static Mutation put(String key, String content) {
    return put(key, content, NONE);
  }

  static Mutation put(String key, String content, WriteConditions conditions) {
    return new Mutation.PutObject(ANN, BUCKET, ObjectKey.of(key), body(content), conditions);
  }

  static Mutation delete(String key) {
    return delete(key, NONE);
  }

  static Mutation delete(String key, WriteConditions conditions) {
    return new Mutation.DeleteObject(ANN, BUCKET, ObjectKey.of(key), Optional.empty(), conditions);
  }

  /// A body of one chunk. Its text stands in the metadata too, for [#carrying].
  static Body body(String content) {
    return Body.newBuilder()
        .setManifest(
            Manifest.newBuilder()
                .setSize(content.length())
                .addChunks(
                    ChunkReference.newBuilder()
                        .setChunk(ByteString.copyFrom(chunkId(content).toBytes()))
                        .setLength(content.length())))
        .setEtag(ByteString.copyFrom(digest("MD5", content)))
        .setAttributes(
            ObjectAttributes.newBuilder()
                .addUserMetadata(UserMetadata.newBuilder().setName("content").setValue(content)))
        .setOwnerId(ANN)
        .build();
  }

  static ChunkId chunkId(String content) {
    return ChunkId.of(digest("SHA-256", content));
  }

  /// A submission that brings the chunk of the object along.
  static Submission carrying(Mutation mutation) {
    if (!(mutation instanceof Mutation.PutObject put)) {
      return submission(mutation);
    }
    String content = put.body().getAttributes().getUserMetadata(0).getValue();
    EncodedChunk chunk =
        ChunkRecordFormat.encode(
            chunkId(content), List.of(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8))));
    return new Submission(mutation, Optional.empty(), List.of(chunk), () -> {});
  }

  static String etag(String content) {
    return skarb.node.model.Etag.of(body(content));
  }

  static WriteConditions ifMatch(String etag) {
    return WriteConditions.newBuilder().setIfMatch(tag(etag)).build();
  }

  static WriteConditions ifNoneMatch(String etag) {
    return WriteConditions.newBuilder().setIfNoneMatch(tag(etag)).build();
  }

  static Mutation.CreateKey createKey(String id, String userId) {
    return new Mutation.CreateKey(
        id,
        AccessKey.newBuilder()
            .setUserId(userId)
            .setEnabled(true)
            .setSecret(SealedSecret.newBuilder().setCiphertext(ByteString.copyFromUtf8("sealed")))
            .build(),
        Optional.of(UserValue.newBuilder().setDisplayName(userId).build()),
        existing -> false);
  }

  private static EtagCondition tag(String etag) {
    return etag.equals("*")
        ? EtagCondition.newBuilder().setAny(true).build()
        : EtagCondition.newBuilder().addEtags(etag).build();
  }

  private static byte[] digest(String algorithm, String content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
