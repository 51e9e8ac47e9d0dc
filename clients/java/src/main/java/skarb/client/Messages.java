package skarb.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import skarb.v1.Checksums;
import skarb.v1.CopyResponse;
import skarb.v1.DeleteResponse;
import skarb.v1.UserMetadata;

/// The protocol's messages as the records of this package, and checksums both ways. What goes into
/// requests is in [Requests].
final class Messages {
  private Messages() {}

  static ObjectInfo objectInfo(skarb.v1.ObjectInfo info) {
    return new ObjectInfo(
        info.getBucket(),
        info.getKey(),
        info.hasVersionId() ? Optional.of(info.getVersionId()) : Optional.empty(),
        info.getSize(),
        info.getEtag(),
        instant(info.getLastModified()),
        headers(info.getAttributes().getHeaders()),
        metadata(info.getAttributes().getUserMetadataList()),
        checksums(info.getChecksums()),
        checksumType(info.getChecksumType()),
        info.getDeleteMarker(),
        info.hasPartsCount() ? OptionalInt.of(info.getPartsCount()) : OptionalInt.empty());
  }

  private static ContentHeaders headers(skarb.v1.ContentHeaders headers) {
    return new ContentHeaders(
        given(headers.hasContentType(), headers.getContentType()),
        given(headers.hasContentEncoding(), headers.getContentEncoding()),
        given(headers.hasContentLanguage(), headers.getContentLanguage()),
        given(headers.hasContentDisposition(), headers.getContentDisposition()),
        given(headers.hasCacheControl(), headers.getCacheControl()),
        given(headers.hasExpires(), headers.getExpires()));
  }

  private static Optional<String> given(boolean present, String value) {
    return present ? Optional.of(value) : Optional.empty();
  }

  private static Map<String, String> metadata(Iterable<UserMetadata> pairs) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (UserMetadata pair : pairs) {
      metadata.putIfAbsent(pair.getName(), pair.getValue());
    }
    return metadata;
  }

  static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  static ContentRange range(skarb.v1.ContentRange range) {
    return new ContentRange(range.getFirst(), range.getLength());
  }

  static PutResult putResult(skarb.v1.PutResult result) {
    return new PutResult(
        result.getEtag(),
        given(result.hasVersionId(), result.getVersionId()),
        checksums(result.getChecksums()),
        checksumType(result.getChecksumType()),
        result.getSize());
  }

  static CopyResult copyResult(CopyResponse answer) {
    return new CopyResult(
        putResult(answer.getResult()),
        instant(answer.getLastModified()),
        given(answer.hasSourceVersionId(), answer.getSourceVersionId()));
  }

  static DeleteResult deleteResult(DeleteResponse answer) {
    return new DeleteResult(
        given(answer.hasVersionId(), answer.getVersionId()), answer.getDeleteMarker());
  }

  static UploadInfo uploadInfo(skarb.v1.UploadInfo upload) {
    return new UploadInfo(upload.getKey(), upload.getUploadId(), instant(upload.getInitiated()));
  }

  static BucketInfo bucketInfo(skarb.v1.BucketInfo bucket) {
    return new BucketInfo(
        bucket.getName(),
        instant(bucket.getCreated()),
        bucket.getOwnerId(),
        bucket.getLocation(),
        switch (bucket.getVersioning()) {
          case VERSIONING_ENABLED -> Versioning.ENABLED;
          case VERSIONING_SUSPENDED -> Versioning.SUSPENDED;
          case VERSIONING_UNSPECIFIED, UNRECOGNIZED -> Versioning.NEVER_ENABLED;
        },
        bucket.getGuardedOverwrites());
  }

  static ChecksumType checksumType(skarb.v1.ChecksumType type) {
    return type == skarb.v1.ChecksumType.CHECKSUM_TYPE_COMPOSITE
        ? ChecksumType.COMPOSITE
        : ChecksumType.FULL_OBJECT;
  }

  private static Map<ChecksumAlgorithm, String> checksums(Checksums checksums) {
    Map<ChecksumAlgorithm, String> all = new EnumMap<>(ChecksumAlgorithm.class);
    for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
      ByteString value = checksum(checksums, algorithm);
      if (!value.isEmpty()) {
        all.put(algorithm, Base64.getEncoder().encodeToString(value.toByteArray()));
      }
    }
    return all;
  }

  /// One of several checksums; empty where it is not there.
  static ByteString checksum(Checksums checksums, ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CRC32 -> checksums.getCrc32();
      case CRC32C -> checksums.getCrc32C();
      case CRC64NVME -> checksums.getCrc64Nvme();
      case SHA1 -> checksums.getSha1();
      case SHA256 -> checksums.getSha256();
      case MD5 -> checksums.getMd5();
    };
  }

  /// One checksum alone.
  static Checksums checksums(ChecksumAlgorithm algorithm, ByteString value) {
    Checksums.Builder checksums = Checksums.newBuilder();
    return switch (algorithm) {
      case CRC32 -> checksums.setCrc32(value).build();
      case CRC32C -> checksums.setCrc32C(value).build();
      case CRC64NVME -> checksums.setCrc64Nvme(value).build();
      case SHA1 -> checksums.setSha1(value).build();
      case SHA256 -> checksums.setSha256(value).build();
      case MD5 -> checksums.setMd5(value).build();
    };
  }
}
