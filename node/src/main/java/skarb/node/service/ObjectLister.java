package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import skarb.node.index.BucketRow;
import skarb.node.index.IndexView;
import skarb.node.index.ListPage;
import skarb.node.index.Listing;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;

/// Pages of a bucket's current objects.
final class ObjectLister {
  static final int MAX_PAGE_SIZE = 1000;

  /// A prefix or a position longer than any key is no use to anybody.
  private static final int MAX_TEXT_LENGTH = 4096;

  private final IndexView rows;
  private final Buckets buckets;

  ObjectLister(IndexView rows, Buckets buckets) {
    this.rows = rows;
    this.buckets = buckets;
  }

  ListResponse list(ListRequest request) {
    checkLength("prefix", request.getPrefix());
    checkLength("delimiter", request.getDelimiter());
    checkLength("start_after", request.getStartAfter());
    BucketRow bucket = buckets.reach(request.getBucket()).bucket();
    String listing =
        "objects\0"
            + bucket.incarnation()
            + '\0'
            + request.getPrefix()
            + '\0'
            + request.getDelimiter();
    ByteString after =
        request.getPageToken().isEmpty()
            ? ByteString.copyFromUtf8(request.getStartAfter())
            : PageTokens.decode(listing, request.getPageToken());
    ListPage page =
        Listing.page(
            rows,
            new Listing.Request(
                bucket.incarnation(),
                ByteString.copyFromUtf8(request.getPrefix()),
                ByteString.copyFromUtf8(request.getDelimiter()),
                after,
                Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PAGE_SIZE)));
    ListResponse.Builder response = ListResponse.newBuilder();
    Map<String, String> displayNames = new HashMap<>();
    for (ListPage.Entry entry : page.entries()) {
      switch (entry) {
        case ListPage.ObjectEntry(var key, var version) ->
            response.addObjects(
                Answers.listed(
                    request.getBucket(),
                    key.toStringUtf8(),
                    version,
                    displayNames.computeIfAbsent(
                        version.body().getOwnerId(), buckets::displayName)));
        case ListPage.CommonPrefix(var name) -> response.addCommonPrefixes(name.toStringUtf8());
      }
    }
    Optional<ByteString> next = page.next();
    next.ifPresent(position ->
        response
            .setNextPageToken(PageTokens.encode(listing, position))
            .setNextMarker(position.toStringUtf8()));
    return response.build();
  }

  private static void checkLength(String field, String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      throw Requests.invalid(field, field + " is over " + MAX_TEXT_LENGTH + " characters");
    }
  }
}
