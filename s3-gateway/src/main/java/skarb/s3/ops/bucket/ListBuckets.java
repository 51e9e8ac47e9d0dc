package skarb.s3.ops.bucket;

import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListAllMyBucketsXml;
import skarb.v1.BucketInfo;
import skarb.v1.ListBucketsRequest;
import skarb.v1.ListBucketsResponse;

/// ListBuckets: the caller's own, all or those of one region, in pages where pages are asked for.
public final class ListBuckets implements Handler {
  private static final int MOST_BUCKETS = 10_000;

  private final NodeClient node;
  private final String region;

  /// A handler that lists this node's buckets.
  ///
  /// @param region of buckets that name none
  public ListBuckets(NodeClient node, String region) {
    this.node = node;
    this.region = region;
  }

  @Override
  public S3Response handle(S3Call call) {
    QueryParams query = call.request().query();
    String prefix = query.firstOrEmpty("prefix");
    ListBucketsRequest request =
        ListBucketsRequest.newBuilder()
            .setPrefix(prefix)
            .setPageSize(pageSize(query))
            .setPageToken(query.firstOrEmpty("continuation-token"))
            .build();
    boolean paged = query.has("max-buckets") || query.has("continuation-token");
    ListBucketsResponse page =
        ofRegion(node.buckets(call).list(request), query.firstOrEmpty("bucket-region"));
    return S3Response.xml(200, ListAllMyBucketsXml.encode(page, prefix, paged, region));
  }

  /// A page may hold fewer than were asked for: the token alone says whether it is the last.
  private ListBucketsResponse ofRegion(ListBucketsResponse page, String wanted) {
    if (wanted.isEmpty()) {
      return page;
    }
    ListBucketsResponse.Builder kept = page.toBuilder().clearBuckets();
    for (BucketInfo bucket : page.getBucketsList()) {
      if ((bucket.getLocation().isEmpty() ? region : bucket.getLocation()).equals(wanted)) {
        kept.addBuckets(bucket);
      }
    }
    return kept.build();
  }

  private static int pageSize(QueryParams query) {
    String text = query.firstOrEmpty("max-buckets");
    if (text.isEmpty()) {
      return MOST_BUCKETS;
    }
    try {
      int size = Integer.parseInt(text);
      if (size >= 1 && size <= MOST_BUCKETS) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw new S3Exception(
        S3Error.INVALID_ARGUMENT, "Argument max-buckets must be an integer between 1 and 10000");
  }
}
