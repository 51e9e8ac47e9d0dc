package skarb.s3.ops.object;

import skarb.s3.headers.HttpDate;
import skarb.s3.headers.ObjectHeaders;
import skarb.s3.ops.ChecksumAnswer;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.ContentHeaders;
import skarb.v1.ContentRange;
import skarb.v1.ObjectInfo;
import skarb.v1.UserMetadata;

/// The head of the answer to GetObject and HeadObject.
final class ObjectAnswer {
  private static final String DEFAULT_TYPE = "binary/octet-stream";

  private ObjectAnswer() {}

  /// Everything but the body.
  ///
  /// @param range the bytes that the body will hold
  static S3Response encode(S3Call call, ReadRequest asked, ObjectInfo info, ContentRange range) {
    // An empty part has no bytes that a Content-Range could name.
    boolean partial =
        asked.range().isPresent() || (asked.part().isPresent() && range.getLength() > 0);
    S3Response response =
        S3Response.of(partial ? 206 : 200)
            .header("ETag", '"' + info.getEtag() + '"')
            .header("Last-Modified", HttpDate.format(info.getLastModified()))
            .header("Accept-Ranges", "bytes");
    if (partial) {
      response.header("Content-Range", contentRange(info, range));
    }
    content(call, response, info.getAttributes().getHeaders());
    if (info.hasVersionId()) {
      response.header("x-amz-version-id", info.getVersionId());
    }
    userMetadata(response, info);
    if (info.getConflicts() > 0) {
      response.header("x-skarb-conflicts", Integer.toString(info.getConflicts()));
    }
    boolean ofParts = asked.part().isPresent() && info.hasPartsCount();
    if (ofParts) {
      response.header("x-amz-mp-parts-count", Integer.toString(info.getPartsCount()));
    }
    if (wantsChecksums(call) && !ofParts && range.getLength() == info.getSize()) {
      ChecksumAnswer.add(
          response, info.getChecksums(), info.getChecksumType(), info.getPartsCount());
    }
    return response;
  }

  static boolean wantsChecksums(S3Call call) {
    return call.request()
        .header("x-amz-checksum-mode")
        .filter("ENABLED"::equalsIgnoreCase)
        .isPresent();
  }

  private static String contentRange(ObjectInfo info, ContentRange range) {
    long last = range.getFirst() + range.getLength() - 1;
    return "bytes " + range.getFirst() + '-' + last + '/' + info.getSize();
  }

  private static void content(S3Call call, S3Response response, ContentHeaders stored) {
    header(
        call,
        response,
        "Content-Type",
        true,
        stored.hasContentType() ? stored.getContentType() : DEFAULT_TYPE);
    header(
        call,
        response,
        "Content-Encoding",
        stored.hasContentEncoding(),
        stored.getContentEncoding());
    header(
        call,
        response,
        "Content-Language",
        stored.hasContentLanguage(),
        stored.getContentLanguage());
    header(
        call,
        response,
        "Content-Disposition",
        stored.hasContentDisposition(),
        stored.getContentDisposition());
    header(call, response, "Cache-Control", stored.hasCacheControl(), stored.getCacheControl());
    header(call, response, "Expires", stored.hasExpires(), stored.getExpires());
  }

  private static void header(
      S3Call call, S3Response response, String name, boolean present, String stored) {
    String override = ResponseOverrides.get(call, name).orElse("");
    if (!override.isEmpty()) {
      response.header(name, override);
    } else if (present) {
      response.header(name, stored);
    }
  }

  /// A pair that came over gRPC may have a name that HTTP cannot carry: S3 counts those.
  private static void userMetadata(S3Response response, ObjectInfo info) {
    int missing = 0;
    for (UserMetadata pair : info.getAttributes().getUserMetadataList()) {
      if (isToken(pair.getName())) {
        response.header(ObjectHeaders.META_PREFIX + pair.getName(), pair.getValue());
      } else {
        missing++;
      }
    }
    if (missing > 0) {
      response.header("x-amz-missing-meta", Integer.toString(missing));
    }
  }

  private static boolean isToken(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7F || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
