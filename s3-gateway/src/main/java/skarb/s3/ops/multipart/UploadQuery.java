package skarb.s3.ops.multipart;

import skarb.s3.ops.PartNumber;
import skarb.s3.ops.S3Call;

/// What the query says about the upload.
final class UploadQuery {
  private UploadQuery() {}

  /// The upload; empty where the query names none, which is no upload's id.
  static String uploadId(S3Call call) {
    return call.request().query().firstOrEmpty("uploadId");
  }

  /// The number of the part.
  ///
  /// @throws skarb.s3.error.S3Exception InvalidArgument where no part can have it
  static int partNumber(S3Call call) {
    return PartNumber.parse(call.request().query().firstOrEmpty("partNumber"));
  }
}
