package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.v1.ListUploadsResponse;
import skarb.v1.UploadInfo;

/// `ListMultipartUploadsResult`: a page of the open uploads of a bucket.
public final class ListUploadsXml {
  private static final String ROOT = "ListMultipartUploadsResult";

  private ListUploadsXml() {}

  /// What a listing was asked for and is echoed.
  ///
  /// @param delimiter empty for none
  /// @param maxUploads as it is in force, 0 to 1,000
  public record Echo(
      String bucket,
      String prefix,
      String delimiter,
      String keyMarker,
      String uploadIdMarker,
      int maxUploads,
      ListEncoding encoding) {}

  /// Writes the document.
  public static ByteString encode(Echo echo, ListUploadsResponse page) {
    int entries = page.getUploadsCount() + page.getCommonPrefixesCount();
    XmlWriter xml = XmlWriter.answer(ROOT, 768 + entries * 480);
    head(xml, echo, page);
    for (UploadInfo upload : page.getUploadsList()) {
      xml.open("Upload")
          .text("Key", echo.encoding().apply(upload.getKey()))
          .text("UploadId", upload.getUploadId());
      UploadElements.writePeople(xml, upload);
      xml.text("Initiated", IsoTime.format(upload.getInitiated()));
      UploadElements.writeChecksum(xml, upload);
      xml.close("Upload");
    }
    for (String prefix : page.getCommonPrefixesList()) {
      xml.open("CommonPrefixes")
          .text("Prefix", echo.encoding().apply(prefix))
          .close("CommonPrefixes");
    }
    return xml.finish(ROOT);
  }

  private static void head(XmlWriter xml, Echo echo, ListUploadsResponse page) {
    xml.text("Bucket", echo.bucket())
        .text("KeyMarker", echo.encoding().apply(echo.keyMarker()))
        .text("UploadIdMarker", echo.uploadIdMarker());
    if (page.getTruncated()) {
      xml.text("NextKeyMarker", echo.encoding().apply(page.getNextKeyMarker()))
          .text("NextUploadIdMarker", page.getNextUploadIdMarker());
    }
    xml.text("Prefix", echo.encoding().apply(echo.prefix()));
    if (!echo.delimiter().isEmpty()) {
      xml.text("Delimiter", echo.encoding().apply(echo.delimiter()));
    }
    if (echo.encoding() == ListEncoding.URL) {
      xml.text("EncodingType", "url");
    }
    xml.number("MaxUploads", echo.maxUploads()).bool("IsTruncated", page.getTruncated());
  }
}
