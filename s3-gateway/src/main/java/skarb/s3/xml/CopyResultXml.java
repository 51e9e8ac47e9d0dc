package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.v1.CopyResponse;
import skarb.v1.PutResult;

/// `CopyObjectResult`: what a copy made.
public final class CopyResultXml {
  private static final String OBJECT = "CopyObjectResult";

  private CopyResultXml() {}

  /// Writes the answer to CopyObject.
  public static ByteString encodeObject(CopyResponse copied) {
    PutResult result = copied.getResult();
    XmlWriter xml =
        XmlWriter.answer(OBJECT, 512)
            .text("LastModified", IsoTime.format(copied.getLastModified()))
            .text("ETag", '"' + result.getEtag() + '"');
    if (!ChecksumNames.shown(result.getChecksums()).isEmpty()) {
      xml.text("ChecksumType", ChecksumNames.type(result.getChecksumType()));
      ChecksumNames.write(xml, result.getChecksums(), 0);
    }
    return xml.finish(OBJECT);
  }
}
