package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.v1.PartInfo;

/// The short answers about uploads in parts: `InitiateMultipartUploadResult` and `CopyPartResult`.
public final class UploadXml {
  private static final String INITIATED = "InitiateMultipartUploadResult";
  private static final String COPIED = "CopyPartResult";

  private UploadXml() {}

  /// Writes the answer to CreateMultipartUpload.
  public static ByteString encodeInitiated(String bucket, String key, String uploadId) {
    return XmlWriter.answer(INITIATED, 512)
        .text("Bucket", bucket)
        .text("Key", key)
        .text("UploadId", uploadId)
        .finish(INITIATED);
  }

  /// Writes the answer to UploadPartCopy.
  public static ByteString encodeCopied(PartInfo part) {
    XmlWriter xml =
        XmlWriter.answer(COPIED, 512)
            .text("LastModified", IsoTime.format(part.getLastModified()))
            .text("ETag", '"' + part.getEtag() + '"');
    ChecksumNames.write(xml, part.getChecksums(), 0);
    return xml.finish(COPIED);
  }
}
