package skarb.s3.ops.multipart;

import skarb.s3.headers.ChecksumHeaders;
import skarb.s3.headers.MultipartChecksum;
import skarb.s3.headers.ObjectHeaders;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.UploadXml;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;

/// CreateMultipartUpload: what will be said about the object is said here.
public final class CreateMultipartUpload implements Handler {
  private final NodeClient node;

  /// A handler that opens uploads in this node.
  public CreateMultipartUpload(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    UnservedFeatures.refuse(call.head());
    MultipartChecksum.Asked checksum = MultipartChecksum.asked(call.head());
    CreateUploadRequest.Builder request =
        CreateUploadRequest.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setAttributes(ObjectHeaders.parse(call.head()));
    checksum.algorithm().ifPresent(request::setChecksumAlgorithm);
    checksum.type().ifPresent(request::setChecksumType);
    CreateUploadResponse opened = node.multipart(call).create(request.build());
    S3Response response =
        S3Response.xml(
            200, UploadXml.encodeInitiated(call.bucket(), call.key(), opened.getUploadId()));
    if (checksum.algorithm().isPresent()) {
      response
          .header("x-amz-checksum-algorithm", ChecksumHeaders.name(opened.getChecksumAlgorithm()))
          .header("x-amz-checksum-type", MultipartChecksum.name(opened.getChecksumType()));
    }
    return response;
  }
}
