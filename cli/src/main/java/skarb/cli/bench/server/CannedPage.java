package skarb.cli.bench.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import skarb.v1.Checksums;
import skarb.v1.ListResponse;
import skarb.v1.ObjectInfo;

/// A page of a listing: 1,000 keys, each with what a server says of it, so that it weighs what a
/// real one weighs.
final class CannedPage {
  private static final int KEYS = 1000;
  private static final String ETAG = "0123456789abcdef".repeat(2);

  private CannedPage() {}

  private static String key(int number) {
    return "skarb-bench-00000000/" + String.format("%016x", number);
  }

  static String xml() {
    StringBuilder xml = new StringBuilder(300 * KEYS);
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"");
    xml.append("http://s3.amazonaws.com/doc/2006-03-01/\"><Name>skarb-bench</Name>");
    xml.append("<MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>");
    for (int i = 0; i < KEYS; i++) {
      xml.append("<Contents><Key>").append(key(i)).append("</Key>");
      xml.append("<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;");
      xml.append(ETAG).append("&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>");
      xml.append("<ChecksumType>FULL_OBJECT</ChecksumType><Size>1024</Size>");
      xml.append("<StorageClass>STANDARD</StorageClass></Contents>");
    }
    return xml.append("<KeyCount>1000</KeyCount></ListBucketResult>").toString();
  }

  static ListResponse message() {
    ListResponse.Builder page = ListResponse.newBuilder();
    for (int i = 0; i < KEYS; i++) {
      page.addObjects(
          ObjectInfo.newBuilder()
              .setBucket("skarb-bench")
              .setKey(key(i))
              .setSize(1024)
              .setEtag(ETAG)
              .setLastModified(Timestamp.newBuilder().setSeconds(1_767_225_600L))
              .setChecksums(
                  Checksums.newBuilder()
                      .setMd5(ByteString.copyFrom(new byte[16]))
                      .setCrc64Nvme(ByteString.copyFrom(new byte[8]))));
    }
    return page.build();
  }
}
