package skarb.s3.fake;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import skarb.v1.BucketInfo;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.ObjectInfo;
import skarb.v1.PutResult;
import skarb.v1.UploadHeader;
import skarb.v1.WriteConditions;

/// Buckets and objects, keys in byte order. No versions.
public final class FakeStore {
  /// When everything was written: half a second past a whole one.
  public static final Instant WRITTEN = Instant.parse("2026-11-01T12:00:00.500Z");

  final ConcurrentNavigableMap<String, BucketInfo> buckets = new ConcurrentSkipListMap<>();
  private final Map<String, ConcurrentNavigableMap<ByteString, Stored>> objects =
      new ConcurrentHashMap<>();
  private volatile boolean versioned;

  /// An object.
  public record Stored(ObjectInfo info, ByteString content, UploadHeader header) {}

  /// From now on answers carry version ids.
  public void version() {
    versioned = true;
  }

  /// Makes a bucket.
  public void addBucket(String name, String ownerId) {
    buckets.put(
        name,
        BucketInfo.newBuilder()
            .setName(name)
            .setOwnerId(ownerId)
            .setOwnerDisplayName("Owner")
            .setCreated(Timestamp.newBuilder().setSeconds(1_700_000_000))
            .build());
  }

  /// What is stored under a key; null where nothing is.
  public @Nullable Stored object(String bucket, String key) {
    return objects(bucket).get(ByteString.copyFromUtf8(key));
  }

  BucketInfo bucket(String name) {
    BucketInfo bucket = buckets.get(name);
    if (bucket == null) {
      throw Errors.noSuchBucket(name);
    }
    return bucket;
  }

  ConcurrentNavigableMap<ByteString, Stored> objects(String bucket) {
    return objects.computeIfAbsent(
        bucket, b -> new ConcurrentSkipListMap<>(ByteString.unsignedLexicographicalComparator()));
  }

  Stored get(String bucket, String key) {
    bucket(bucket);
    Stored stored = object(bucket, key);
    if (stored == null) {
      throw Errors.noSuchKey(bucket, key);
    }
    return stored;
  }

  PutResult put(UploadHeader header, ByteString content, Checksums trailing) {
    BucketInfo bucket = bucket(header.getBucket());
    check(header, content, trailing);
    checkWrite(header.getBucket(), header.getKey(), header.getConditions());
    Checksums stored =
        header.getExpected().toBuilder()
            .mergeFrom(trailing)
            .setMd5(digest("MD5", content))
            .setCrc64Nvme(ByteString.copyFrom(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}))
            .build();
    ObjectInfo.Builder info =
        ObjectInfo.newBuilder()
            .setBucket(header.getBucket())
            .setKey(header.getKey())
            .setSize(content.size())
            .setEtag(hex(digest("MD5", content)))
            .setLastModified(
                Timestamp.newBuilder()
                    .setSeconds(WRITTEN.getEpochSecond())
                    .setNanos(WRITTEN.getNano()))
            .setAttributes(header.getAttributes())
            .setChecksums(stored)
            .setChecksumType(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT)
            .setOwnerId(bucket.getOwnerId())
            .setOwnerDisplayName(bucket.getOwnerDisplayName());
    PutResult.Builder result =
        PutResult.newBuilder()
            .setEtag(info.getEtag())
            .setChecksums(stored)
            .setChecksumType(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT)
            .setSize(content.size());
    if (versioned) {
      info.setVersionId("v1");
      result.setVersionId("v1");
    }
    objects(header.getBucket())
        .put(ByteString.copyFromUtf8(header.getKey()), new Stored(info.build(), content, header));
    return result.build();
  }

  void checkWrite(String bucket, String key, WriteConditions conditions) {
    bucket(bucket);
    Stored current = object(bucket, key);
    if (conditions.hasIfNoneMatch() && current != null) {
      throw Errors.preconditionFailed("If-None-Match");
    }
    if (conditions.hasIfMatch()) {
      if (current == null) {
        throw Errors.noSuchKey(bucket, key);
      }
      if (!matches(conditions.getIfMatch(), current)) {
        throw Errors.preconditionFailed("If-Match");
      }
    }
  }

  static boolean matches(EtagCondition condition, Stored stored) {
    return condition.getAny() || condition.getEtagsList().contains(stored.info().getEtag());
  }

  private static void check(UploadHeader header, ByteString content, Checksums trailing) {
    if (header.hasContentLength() && header.getContentLength() != content.size()) {
      throw Errors.invalid(ErrorReason.ERROR_REASON_INCOMPLETE_BODY);
    }
    Checksums expected = header.getExpected().toBuilder().mergeFrom(trailing).build();
    if (expected.hasMd5() && !expected.getMd5().equals(digest("MD5", content))) {
      throw Errors.invalid(ErrorReason.ERROR_REASON_MD5_MISMATCH);
    }
    if (expected.hasSha256() && !expected.getSha256().equals(digest("SHA-256", content))) {
      throw Errors.invalid(
          header.getSignedSha256()
              ? ErrorReason.ERROR_REASON_CONTENT_SHA256_MISMATCH
              : ErrorReason.ERROR_REASON_CHECKSUM_MISMATCH);
    }
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  static ByteString digest(String algorithm, ByteString content) {
    try {
      return ByteString.copyFrom(
          MessageDigest.getInstance(algorithm).digest(content.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
