package skarb.client;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import skarb.v1.CopyRequest;
import skarb.v1.CreateUploadRequest;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteRequest;
import skarb.v1.EtagCondition;
import skarb.v1.GetRequest;
import skarb.v1.HeadRequest;
import skarb.v1.ObjectAttributes;
import skarb.v1.ReadConditions;
import skarb.v1.UploadHeader;
import skarb.v1.UserMetadata;
import skarb.v1.WriteConditions;

/// The records of this package as the protocol's requests.
final class Requests {
  private Requests() {}

  static UploadHeader uploadHeader(
      String bucket, String key, PutOptions options, ChecksumAlgorithm algorithm, long length) {
    UploadHeader.Builder header =
        UploadHeader.newBuilder()
            .setBucket(bucket)
            .setKey(key)
            .setAttributes(attributes(options.headers(), options.metadata()))
            .setContentLength(length)
            .setChecksumAlgorithm(algorithm(algorithm));
    if (!options.condition().isNone()) {
      header.setConditions(conditions(options.condition()));
    }
    return header.build();
  }

  static CreateUploadRequest createUpload(
      String bucket, String key, PutOptions options, ChecksumAlgorithm algorithm) {
    return CreateUploadRequest.newBuilder()
        .setBucket(bucket)
        .setKey(key)
        .setAttributes(attributes(options.headers(), options.metadata()))
        .setChecksumAlgorithm(algorithm(algorithm))
        .setChecksumType(
            PartChecksums.isWhole(algorithm)
                ? skarb.v1.ChecksumType.CHECKSUM_TYPE_FULL_OBJECT
                : skarb.v1.ChecksumType.CHECKSUM_TYPE_COMPOSITE)
        .build();
  }

  static GetRequest get(String bucket, String key, GetOptions options) {
    GetRequest.Builder request = GetRequest.newBuilder().setBucket(bucket).setKey(key);
    options.versionId().ifPresent(request::setVersionId);
    options.range().ifPresent(range -> request.setRange(range(range)));
    options.partNumber().ifPresent(request::setPartNumber);
    if (!options.condition().isNone()) {
      request.setConditions(conditions(options.condition()));
    }
    return request.build();
  }

  static HeadRequest head(String bucket, String key, GetOptions options) {
    HeadRequest.Builder request = HeadRequest.newBuilder().setBucket(bucket).setKey(key);
    options.versionId().ifPresent(request::setVersionId);
    options.range().ifPresent(range -> request.setRange(range(range)));
    options.partNumber().ifPresent(request::setPartNumber);
    if (!options.condition().isNone()) {
      request.setConditions(conditions(options.condition()));
    }
    return request.build();
  }

  static CopyRequest copy(CopySource source, String bucket, String key, CopyOptions options) {
    skarb.v1.CopySource.Builder from =
        skarb.v1.CopySource.newBuilder().setBucket(source.bucket()).setKey(source.key());
    source.versionId().ifPresent(from::setVersionId);
    if (!source.condition().isNone()) {
      from.setConditions(conditions(source.condition()));
    }
    CopyRequest.Builder request =
        CopyRequest.newBuilder().setSource(from).setBucket(bucket).setKey(key);
    Optional<CopyOptions.Replacement> replacement = options.replacement();
    if (replacement.isPresent()) {
      request
          .setReplaceAttributes(true)
          .setAttributes(attributes(replacement.get().headers(), replacement.get().metadata()));
    }
    if (!options.condition().isNone()) {
      request.setConditions(conditions(options.condition()));
    }
    options.checksumAlgorithm().ifPresent(a -> request.setChecksumAlgorithm(algorithm(a)));
    return request.build();
  }

  static DeleteRequest delete(String bucket, String key, DeleteOptions options) {
    DeleteRequest.Builder request = DeleteRequest.newBuilder().setBucket(bucket).setKey(key);
    options.versionId().ifPresent(request::setVersionId);
    if (!options.condition().isNone()) {
      request.setConditions(conditions(options.condition()));
    }
    return request.build();
  }

  static DeleteBatchItem batchItem(DeleteItem item) {
    DeleteBatchItem.Builder request = DeleteBatchItem.newBuilder().setKey(item.key());
    item.options().versionId().ifPresent(request::setVersionId);
    if (!item.options().condition().isNone()) {
      request.setConditions(conditions(item.options().condition()));
    }
    return request.build();
  }

  static skarb.v1.ChecksumAlgorithm algorithm(ChecksumAlgorithm algorithm) {
    return switch (algorithm) {
      case CRC32 -> skarb.v1.ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32;
      case CRC32C -> skarb.v1.ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32C;
      case CRC64NVME -> skarb.v1.ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME;
      case SHA1 -> skarb.v1.ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA1;
      case SHA256 -> skarb.v1.ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256;
      case MD5 -> throw new IllegalArgumentException("MD5 cannot be asked for");
    };
  }

  static skarb.v1.Versioning versioning(Versioning versioning) {
    return switch (versioning) {
      case ENABLED -> skarb.v1.Versioning.VERSIONING_ENABLED;
      case SUSPENDED -> skarb.v1.Versioning.VERSIONING_SUSPENDED;
      case NEVER_ENABLED ->
          throw new IllegalArgumentException("versioning can be enabled or suspended");
    };
  }

  static WriteConditions conditions(WriteCondition condition) {
    WriteConditions.Builder conditions = WriteConditions.newBuilder();
    condition.ifMatch().ifPresent(etag -> conditions.setIfMatch(etags(etag)));
    if (condition.ifAbsent()) {
      conditions.setIfNoneMatch(EtagCondition.newBuilder().setAny(true));
    }
    return conditions.build();
  }

  static ReadConditions conditions(ReadCondition condition) {
    ReadConditions.Builder conditions = ReadConditions.newBuilder();
    condition.ifMatch().ifPresent(etag -> conditions.setIfMatch(etags(etag)));
    condition.ifNoneMatch().ifPresent(etag -> conditions.setIfNoneMatch(etags(etag)));
    condition.ifModifiedSince().ifPresent(time -> conditions.setIfModifiedSince(timestamp(time)));
    condition
        .ifUnmodifiedSince()
        .ifPresent(time -> conditions.setIfUnmodifiedSince(timestamp(time)));
    return conditions.build();
  }

  private static EtagCondition etags(String etag) {
    return etag.equals("*")
        ? EtagCondition.newBuilder().setAny(true).build()
        : EtagCondition.newBuilder().addEtags(etag).build();
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  private static skarb.v1.ByteRange range(ByteRange range) {
    skarb.v1.ByteRange.Builder message = skarb.v1.ByteRange.newBuilder();
    range.first().ifPresent(message::setFirst);
    range.last().ifPresent(message::setLast);
    range.suffixLength().ifPresent(message::setSuffixLength);
    return message.build();
  }

  private static ObjectAttributes attributes(ContentHeaders headers, Map<String, String> metadata) {
    skarb.v1.ContentHeaders.Builder message = skarb.v1.ContentHeaders.newBuilder();
    headers.contentType().ifPresent(message::setContentType);
    headers.contentEncoding().ifPresent(message::setContentEncoding);
    headers.contentLanguage().ifPresent(message::setContentLanguage);
    headers.contentDisposition().ifPresent(message::setContentDisposition);
    headers.cacheControl().ifPresent(message::setCacheControl);
    headers.expires().ifPresent(message::setExpires);
    ObjectAttributes.Builder attributes = ObjectAttributes.newBuilder().setHeaders(message);
    metadata.forEach((name, value) ->
        attributes.addUserMetadata(UserMetadata.newBuilder().setName(name).setValue(value)));
    return attributes.build();
  }
}
