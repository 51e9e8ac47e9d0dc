package skarb.s3.xml;

import com.google.protobuf.ByteString;
import java.util.Optional;
import skarb.v1.ListResponse;
import skarb.v1.ObjectInfo;

/// `ListBucketResult`: a page of a bucket, in the forms of ListObjects (V1) and ListObjectsV2.
public final class ListBucketResultXml {
  private static final String ROOT = "ListBucketResult";
  private static final int BYTES_PER_ENTRY = 320;

  private ListBucketResultXml() {}

  /// What a listing was asked for and is echoed.
  ///
  /// @param delimiter empty for none
  /// @param maxKeys as it is in force, 0 to 1,000
  public record Echo(
      String bucket, String prefix, String delimiter, int maxKeys, ListEncoding encoding) {}

  /// What only V2 echoes.
  ///
  /// @param token the token that was sent
  /// @param startAfter the key that was sent
  public record V2(Optional<String> token, Optional<String> startAfter, boolean fetchOwner) {}

  /// Writes V2's form.
  public static ByteString encodeV2(Echo echo, V2 v2, ListResponse page) {
    XmlWriter xml = begin(echo, page);
    v2.startAfter().ifPresent(key -> xml.text("StartAfter", echo.encoding().apply(key)));
    v2.token().ifPresent(token -> xml.text("ContinuationToken", token));
    if (!page.getNextPageToken().isEmpty()) {
      xml.text("NextContinuationToken", page.getNextPageToken());
    }
    xml.number("KeyCount", page.getObjectsCount() + page.getCommonPrefixesCount());
    return end(xml, echo, page, v2.fetchOwner());
  }

  /// Writes V1's form. Without a delimiter clients go on from the last key, and S3 names no marker.
  public static ByteString encodeV1(Echo echo, String marker, ListResponse page) {
    XmlWriter xml = begin(echo, page);
    xml.text("Marker", echo.encoding().apply(marker));
    if (!page.getNextPageToken().isEmpty() && !echo.delimiter().isEmpty()) {
      xml.text("NextMarker", echo.encoding().apply(page.getNextMarker()));
    }
    return end(xml, echo, page, true);
  }

  private static XmlWriter begin(Echo echo, ListResponse page) {
    int entries = page.getObjectsCount() + page.getCommonPrefixesCount();
    XmlWriter xml = XmlWriter.answer(ROOT, 512 + entries * BYTES_PER_ENTRY);
    xml.text("Name", echo.bucket()).text("Prefix", echo.encoding().apply(echo.prefix()));
    if (!echo.delimiter().isEmpty()) {
      xml.text("Delimiter", echo.encoding().apply(echo.delimiter()));
    }
    xml.number("MaxKeys", echo.maxKeys());
    if (echo.encoding() == ListEncoding.URL) {
      xml.text("EncodingType", "url");
    }
    return xml.bool("IsTruncated", !page.getNextPageToken().isEmpty());
  }

  private static ByteString end(XmlWriter xml, Echo echo, ListResponse page, boolean owner) {
    for (ObjectInfo object : page.getObjectsList()) {
      entry(xml, echo, object, owner);
    }
    for (String prefix : page.getCommonPrefixesList()) {
      xml.open("CommonPrefixes")
          .text("Prefix", echo.encoding().apply(prefix))
          .close("CommonPrefixes");
    }
    return xml.finish(ROOT);
  }

  private static void entry(XmlWriter xml, Echo echo, ObjectInfo object, boolean owner) {
    xml.open("Contents")
        .text("Key", echo.encoding().apply(object.getKey()))
        .text("LastModified", IsoTime.format(object.getLastModified()))
        .text("ETag", '"' + object.getEtag() + '"');
    ChecksumNames.writeNames(xml, object);
    xml.number("Size", object.getSize());
    if (owner) {
      xml.open("Owner")
          .text("ID", object.getOwnerId())
          .text("DisplayName", object.getOwnerDisplayName())
          .close("Owner");
    }
    xml.text("StorageClass", "STANDARD").close("Contents");
  }
}
