package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.v1.ListPartsResponse;
import skarb.v1.PartInfo;

/// `ListPartsResult`: a page of the parts of an open upload.
public final class ListPartsXml {
  private static final String ROOT = "ListPartsResult";

  private ListPartsXml() {}

  /// Writes the document.
  ///
  /// @param marker the number that the page begins after
  /// @param maxParts as it is in force, 0 to 1,000
  public static ByteString encode(String bucket, int marker, int maxParts, ListPartsResponse page) {
    XmlWriter xml = XmlWriter.answer(ROOT, 1024 + page.getPartsCount() * 320);
    xml.text("Bucket", bucket)
        .text("Key", page.getUpload().getKey())
        .text("UploadId", page.getUpload().getUploadId());
    UploadElements.writePeople(xml, page.getUpload());
    xml.number("PartNumberMarker", marker)
        .number("NextPartNumberMarker", lastNumber(page))
        .number("MaxParts", maxParts)
        .bool("IsTruncated", page.getTruncated());
    UploadElements.writeChecksum(xml, page.getUpload());
    for (PartInfo part : page.getPartsList()) {
      xml.open("Part")
          .number("PartNumber", part.getNumber())
          .text("LastModified", IsoTime.format(part.getLastModified()))
          .text("ETag", '"' + part.getEtag() + '"')
          .number("Size", part.getSize());
      ChecksumNames.write(xml, part.getChecksums(), 0);
      xml.close("Part");
    }
    return xml.finish(ROOT);
  }

  private static int lastNumber(ListPartsResponse page) {
    int count = page.getPartsCount();
    return count == 0 ? 0 : page.getParts(count - 1).getNumber();
  }
}
