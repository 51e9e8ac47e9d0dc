package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import skarb.node.index.Uploads;
import skarb.node.model.NodeException;
import skarb.v1.ByteRange;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.ContentHeaders;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.ObjectAttributes;
import skarb.v1.PartHeader;
import skarb.v1.ReadConditions;
import skarb.v1.UploadHeader;
import skarb.v1.UserMetadata;
import skarb.v1.WriteConditions;

/// Checks what requests carry against the limits that the protocol documents, and against what
/// could do harm later: these texts come out again as headers of HTTP.
final class Requests {
  /// Bytes of the user metadata of an object, names and values.
  static final int MAX_USER_METADATA_BYTES = 2048;

  private static final int MAX_HEADERS_BYTES = 8 << 10;
  private static final int MAX_ETAGS = 100;
  private static final int MAX_ETAG_LENGTH = 1024;

  private Requests() {}

  /// An error that names a field.
  static NodeException invalid(String field, String message) {
    return new NodeException(
        ErrorReason.ERROR_REASON_INVALID_ARGUMENT, message, Map.of("field", field));
  }

  /// Checks what an upload promises, its names aside.
  static void checkHeader(UploadHeader header, long maxBytes) {
    checkAttributes(header.getAttributes());
    checkConditions(header.getConditions());
    checkChecksums("expected", header.getExpected());
    checkSigned(header.getSignedSha256(), header.getExpected());
    checkAlgorithm(header.getChecksumAlgorithm());
    if (header.hasContentLength()) {
      checkLength(header.getContentLength(), maxBytes);
    }
  }

  /// Checks what a part promises, its names aside.
  static void checkPartHeader(PartHeader header, long maxBytes) {
    checkPartNumber("part_number", header.getPartNumber());
    checkChecksums("expected", header.getExpected());
    checkSigned(header.getSignedSha256(), header.getExpected());
    checkAlgorithm(header.getChecksumAlgorithm());
    if (header.hasContentLength()) {
      checkLength(header.getContentLength(), maxBytes);
    }
  }

  static void checkPartNumber(String field, int number) {
    if (number < 1 || number > Uploads.MAX_PART_NUMBER) {
      throw invalid(field, "a part's number is 1 to " + Uploads.MAX_PART_NUMBER);
    }
  }

  static void checkAlgorithm(ChecksumAlgorithm algorithm) {
    if (algorithm == ChecksumAlgorithm.UNRECOGNIZED) {
      throw invalid("checksum_algorithm", "no such checksum algorithm");
    }
  }

  private static void checkSigned(boolean signedSha256, Checksums expected) {
    if (signedSha256 && !expected.hasSha256()) {
      throw invalid("signed_sha256", "signed_sha256 needs expected.sha256");
    }
  }

  private static void checkLength(long length, long maxBytes) {
    if (Long.compareUnsigned(length, maxBytes) > 0) {
      throw tooLarge(Long.toUnsignedString(length), maxBytes);
    }
  }

  /// A body over the limit of its call.
  static NodeException tooLarge(String size, long maxBytes) {
    return new NodeException(
        ErrorReason.ERROR_REASON_ENTITY_TOO_LARGE,
        "the body is over " + maxBytes + " bytes",
        Map.of("size", size, "max_size", Long.toString(maxBytes)));
  }

  static void checkAttributes(ObjectAttributes attributes) {
    ContentHeaders headers = attributes.getHeaders();
    String[] values = {
      headers.getContentType(),
      headers.getContentEncoding(),
      headers.getContentLanguage(),
      headers.getContentDisposition(),
      headers.getCacheControl(),
      headers.getExpires()
    };
    for (String value : values) {
      checkHeaderValue("attributes.headers", value);
    }
    if (headers.getSerializedSize() > MAX_HEADERS_BYTES) {
      throw invalid("attributes.headers", "the headers are over " + MAX_HEADERS_BYTES + " bytes");
    }
    long size = 0;
    for (UserMetadata pair : attributes.getUserMetadataList()) {
      if (pair.getName().isEmpty() || !all(pair.getName(), Requests::isLowerToken)) {
        throw invalid("attributes.user_metadata", "a name is not a header's name in lower case");
      }
      checkHeaderValue("attributes.user_metadata", pair.getValue());
      size += ByteString.copyFromUtf8(pair.getName()).size();
      size += ByteString.copyFromUtf8(pair.getValue()).size();
    }
    if (size > MAX_USER_METADATA_BYTES) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_METADATA_TOO_LARGE,
          "user metadata is over " + MAX_USER_METADATA_BYTES + " bytes",
          Map.of(
              "size", Long.toString(size), "max_size", Integer.toString(MAX_USER_METADATA_BYTES)));
    }
  }

  private static void checkHeaderValue(String field, String value) {
    if (!all(value, c -> (c >= ' ' && c != 0x7f) || c == '\t')) {
      throw invalid(field, "a value has control characters");
    }
  }

  /// What RFC 9110 allows in the name of a field, less capitals; anything beyond ASCII passes, as
  /// clients send it.
  private static boolean isLowerToken(int c) {
    return (c > ' ' && c < 0x7f && (c < 'A' || c > 'Z') && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0)
        || c > 0x7f;
  }

  private static boolean all(String text, IntPredicate allowed) {
    return text.chars().allMatch(allowed);
  }

  static void checkConditions(WriteConditions conditions) {
    if (conditions.hasIfMatch()) {
      checkCondition("conditions.if_match", conditions.getIfMatch());
    }
    if (conditions.hasIfNoneMatch()) {
      checkCondition("conditions.if_none_match", conditions.getIfNoneMatch());
    }
  }

  static void checkReadConditions(ReadConditions conditions) {
    if (conditions.hasIfMatch()) {
      checkCondition("conditions.if_match", conditions.getIfMatch());
    }
    if (conditions.hasIfNoneMatch()) {
      checkCondition("conditions.if_none_match", conditions.getIfNoneMatch());
    }
  }

  private static void checkCondition(String field, EtagCondition condition) {
    if (condition.getEtagsCount() > MAX_ETAGS
        || condition.getEtagsList().stream().anyMatch(etag -> etag.length() > MAX_ETAG_LENGTH)) {
      throw invalid(field, "too many entity tags, or one too long");
    }
  }

  /// Checks that what is there has its length.
  static void checkChecksums(String field, Checksums checksums) {
    checkLength(field + ".md5", checksums.hasMd5(), checksums.getMd5(), 16);
    checkLength(field + ".sha256", checksums.hasSha256(), checksums.getSha256(), 32);
    checkLength(field + ".sha1", checksums.hasSha1(), checksums.getSha1(), 20);
    checkLength(field + ".crc32", checksums.hasCrc32(), checksums.getCrc32(), 4);
    checkLength(field + ".crc32c", checksums.hasCrc32C(), checksums.getCrc32C(), 4);
    checkLength(field + ".crc64nvme", checksums.hasCrc64Nvme(), checksums.getCrc64Nvme(), 8);
  }

  private static void checkLength(String field, boolean present, ByteString value, int length) {
    if (present && value.size() != length) {
      throw invalid(field, "a checksum of " + value.size() + " bytes in place of " + length);
    }
  }

  /// Checks a range for sense; whether its bytes exist is another question.
  static void checkRange(ByteRange range) {
    boolean suffix = range.hasSuffixLength();
    boolean unordered =
        range.hasFirst()
            && range.hasLast()
            && Long.compareUnsigned(range.getLast(), range.getFirst()) < 0;
    if ((suffix && (range.hasFirst() || range.hasLast()))
        || (range.hasLast() && !range.hasFirst())
        || unordered) {
      throw invalid("range", "the range means nothing");
    }
  }

  /// Checks a part's number and that no range goes with it.
  static void checkPart(Optional<Integer> number, boolean range) {
    if (number.isEmpty()) {
      return;
    }
    if (number.get() < 1 || number.get() > ObjectParts.MAX_PART_NUMBER) {
      throw invalid("part_number", "a part's number is 1 to 10,000");
    }
    if (range) {
      throw invalid("part_number", "a part or a range, not both");
    }
  }

  /// A page's size within its limits: absent is the greatest, and so is more than that.
  static int pageSize(boolean present, int size, int greatest) {
    return !present || size < 0 || size > greatest ? greatest : size;
  }
}
