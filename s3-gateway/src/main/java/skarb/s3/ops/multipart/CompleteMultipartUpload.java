package skarb.s3.ops.multipart;

import java.util.List;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.Conditional;
import skarb.s3.headers.MultipartChecksum;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.DocumentBody;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.ops.SlowAnswers;
import skarb.s3.route.RequestHead;
import skarb.s3.xml.CompleteUploadXml;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.PutResult;

/// CompleteMultipartUpload: makes an object of the parts that the document names.
public final class CompleteMultipartUpload implements Handler {
  /// 10,000 parts with a checksum each, and room for line breaks.
  private static final int MAX_DOCUMENT_BYTES = 4 << 20;

  private static final String OBJECT_SIZE = "x-amz-mp-object-size";

  private final NodeClient node;
  private final MemoryBudget memory;
  private final SlowAnswers slow;

  /// A handler that completes uploads in this node.
  ///
  /// @param memory what bodies share
  public CompleteMultipartUpload(NodeClient node, MemoryBudget memory, SlowAnswers slow) {
    this.node = node;
    this.memory = memory;
    this.slow = slow;
  }

  @Override
  public S3Response handle(S3Call call) {
    UnservedFeatures.refuse(call.head());
    List<CompletedPart> parts =
        DocumentBody.read(
            call,
            MAX_DOCUMENT_BYTES,
            MultipartChecksum.ofBody(call.head()),
            memory,
            CompleteUploadXml::decode);
    CompleteUploadRequest request = request(call, parts);
    return slow.await(
        node.slowMultipart(call).complete(request),
        completed -> encode(call, parts.size(), completed.getResult()));
  }

  private static CompleteUploadRequest request(S3Call call, List<CompletedPart> parts) {
    MultipartChecksum.Expected expected = MultipartChecksum.expected(call.head(), parts.size());
    CompleteUploadRequest.Builder request =
        CompleteUploadRequest.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setUploadId(UploadQuery.uploadId(call))
            .addAllParts(parts)
            .setExpected(expected.value());
    expected.type().ifPresent(request::setChecksumType);
    Conditional.forPut(call.head()).ifPresent(request::setConditions);
    objectSize(call.head()).ifPresent(request::setObjectSize);
    return request.build();
  }

  private static Optional<Long> objectSize(RequestHead head) {
    Optional<String> text = head.header(OBJECT_SIZE);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      long size = Long.parseLong(text.get().strip());
      if (size >= 0) {
        return Optional.of(size);
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw new S3Exception(
        S3Error.INVALID_REQUEST, "Value for " + OBJECT_SIZE + " header is invalid.");
  }

  private static S3Response encode(S3Call call, int parts, PutResult result) {
    S3Response response =
        S3Response.xml(
            200,
            CompleteUploadXml.encode(
                location(call.head()), call.bucket(), call.key(), parts, result));
    if (result.hasVersionId()) {
      response.header("x-amz-version-id", result.getVersionId());
    }
    return response;
  }

  /// The address that the client used.
  private static String location(RequestHead head) {
    return (head.secure() ? "https://" : "http://")
        + head.header("host").orElse("")
        + head.rawPath();
  }
}
