package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.s3.xml.ListBucketResultXml.Echo;
import skarb.v1.ListVersionsResponse;
import skarb.v1.ListedVersion;
import skarb.v1.ObjectInfo;

/// `ListVersionsResult`: a page of the versions and delete markers of a bucket, in one order.
public final class ListVersionsResultXml {
  private static final String ROOT = "ListVersionsResult";
  private static final String NULL_VERSION = "null";
  private static final int BYTES_PER_ENTRY = 400;

  private ListVersionsResultXml() {}

  /// Where a page begins.
  ///
  /// @param key empty for the first page
  /// @param versionId empty for the first page, and where the page begins after all versions of the
  ///   key
  public record Markers(String key, String versionId) {}

  /// Writes the document.
  public static ByteString encode(Echo echo, Markers from, ListVersionsResponse page) {
    int entries = page.getVersionsCount() + page.getCommonPrefixesCount();
    ListEncoding encoding = echo.encoding();
    XmlWriter xml =
        XmlWriter.answer(ROOT, 512 + entries * BYTES_PER_ENTRY)
            .text("Name", echo.bucket())
            .text("Prefix", encoding.apply(echo.prefix()))
            .text("KeyMarker", encoding.apply(from.key()))
            .text("VersionIdMarker", from.versionId());
    if (page.getTruncated()) {
      xml.text("NextKeyMarker", encoding.apply(page.getNextKeyMarker()));
      if (!page.getNextVersionIdMarker().isEmpty()) {
        xml.text("NextVersionIdMarker", page.getNextVersionIdMarker());
      }
    }
    xml.number("MaxKeys", echo.maxKeys());
    if (!echo.delimiter().isEmpty()) {
      xml.text("Delimiter", encoding.apply(echo.delimiter()));
    }
    if (encoding == ListEncoding.URL) {
      xml.text("EncodingType", "url");
    }
    xml.bool("IsTruncated", page.getTruncated());
    for (ListedVersion version : page.getVersionsList()) {
      entry(xml, encoding, version);
    }
    for (String prefix : page.getCommonPrefixesList()) {
      xml.open("CommonPrefixes").text("Prefix", encoding.apply(prefix)).close("CommonPrefixes");
    }
    return xml.finish(ROOT);
  }

  private static void entry(XmlWriter xml, ListEncoding encoding, ListedVersion version) {
    ObjectInfo info = version.getInfo();
    String element = info.getDeleteMarker() ? "DeleteMarker" : "Version";
    xml.open(element)
        .text("Key", encoding.apply(info.getKey()))
        .text("VersionId", info.hasVersionId() ? info.getVersionId() : NULL_VERSION)
        .bool("IsLatest", version.getIsLatest())
        .text("LastModified", IsoTime.format(info.getLastModified()));
    if (!info.getDeleteMarker()) {
      xml.text("ETag", '"' + info.getEtag() + '"');
      ChecksumNames.writeNames(xml, info);
      xml.number("Size", info.getSize()).text("StorageClass", "STANDARD");
    }
    xml.open("Owner")
        .text("ID", info.getOwnerId())
        .text("DisplayName", info.getOwnerDisplayName())
        .close("Owner")
        .close(element);
  }
}
