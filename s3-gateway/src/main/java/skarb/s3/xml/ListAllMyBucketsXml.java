package skarb.s3.xml;

import com.google.protobuf.ByteString;
import skarb.v1.BucketInfo;
import skarb.v1.ListBucketsResponse;

/// `ListAllMyBucketsResult`: the caller's buckets.
public final class ListAllMyBucketsXml {
  private static final String ROOT = "ListAllMyBucketsResult";

  private ListAllMyBucketsXml() {}

  /// Writes the document.
  ///
  /// @param prefix as it was asked for; empty for none
  /// @param paged whether the caller asked for pages, who alone sees regions and tokens
  /// @param region the region of buckets that name none
  public static ByteString encode(
      ListBucketsResponse page, String prefix, boolean paged, String region) {
    XmlWriter xml = XmlWriter.answer(ROOT, 512 + page.getBucketsCount() * 128);
    xml.open("Owner")
        .text("ID", page.getOwnerId())
        .text("DisplayName", page.getOwnerDisplayName())
        .close("Owner")
        .open("Buckets");
    for (BucketInfo bucket : page.getBucketsList()) {
      xml.open("Bucket")
          .text("Name", bucket.getName())
          .text("CreationDate", IsoTime.format(bucket.getCreated()));
      if (paged) {
        xml.text("BucketRegion", bucket.getLocation().isEmpty() ? region : bucket.getLocation());
      }
      xml.close("Bucket");
    }
    xml.close("Buckets");
    if (!prefix.isEmpty()) {
      xml.text("Prefix", prefix);
    }
    if (!page.getNextPageToken().isEmpty()) {
      xml.text("ContinuationToken", page.getNextPageToken());
    }
    return xml.finish(ROOT);
  }
}
