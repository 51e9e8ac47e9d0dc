package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.ListPage;
import skarb.node.index.Listing;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;

/// Pages of a bucket's current objects.
final class ObjectLister {
  static final int MAX_PAGE_SIZE = 1000;

  private static final int MAX_TEXT_LENGTH = 4096;

  private final IndexView rows;
  private final Catalog catalog;
  private final Buckets buckets;

  ObjectLister(IndexView rows, Buckets buckets) {
    this.rows = rows;
    this.catalog = new Catalog(rows);
    this.buckets = buckets;
  }

  /// Pages one after another.
  interface Pages<P> {
    /// The next page, read when it is asked for. There is a first.
    P next();

    /// Whether there is another.
    boolean hasNext();
  }

  ListResponse list(ListRequest request) {
    return all(request).next();
  }

  /// All pages from the one that is asked for. What can be wrong with the request is told at once.
  Pages<ListResponse> all(ListRequest request) {
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
    Listing.Request first =
        new Listing.Request(
            bucket.incarnation(),
            ByteString.copyFromUtf8(request.getPrefix()),
            ByteString.copyFromUtf8(request.getDelimiter()),
            after,
            Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PAGE_SIZE));
    return new ObjectPages(bucket, listing, first);
  }

  private final class ObjectPages implements Pages<ListResponse> {
    private final BucketRow bucket;
    private final String listing;
    private final Listing.Request first;
    private Optional<ByteString> position;

    ObjectPages(BucketRow bucket, String listing, Listing.Request first) {
      this.bucket = bucket;
      this.listing = listing;
      this.first = first;
      this.position = Optional.of(first.after());
    }

    @Override
    public boolean hasNext() {
      return position.isPresent();
    }

    @Override
    public ListResponse next() {
      ListPage page =
          Listing.page(
              bucket.over(rows),
              new Listing.Request(
                  first.incarnation(),
                  first.prefix(),
                  first.delimiter(),
                  position.orElseThrow(),
                  first.maxEntries()));
      position = page.next();
      ListResponse.Builder response = ListResponse.newBuilder();
      OwnerNames names = new OwnerNames(buckets);
      Answers.OfBucket answers =
          Answers.ofBucket(bucket, catalog.in(bucket).versioning(bucket.incarnation()));
      for (ListPage.Entry entry : page.entries()) {
        switch (entry) {
          case ListPage.ObjectEntry(var key, var version) ->
              response.addObjects(
                  answers.listed(key.toStringUtf8(), version, names.of(version.ownerId())));
          case ListPage.CommonPrefix(var name) -> response.addCommonPrefixes(name.toStringUtf8());
        }
      }
      position.ifPresent(last ->
          response
              .setNextPageToken(PageTokens.encode(listing, last))
              .setNextMarker(last.toStringUtf8()));
      return response.build();
    }
  }

  /// The display names on one page: its objects have few owners.
  static final class OwnerNames {
    private final Buckets buckets;
    private final Map<String, String> names = new HashMap<>();

    OwnerNames(Buckets buckets) {
      this.buckets = buckets;
    }

    String of(String userId) {
      return names.computeIfAbsent(userId, buckets::displayName);
    }
  }

  /// A text that is longer than any key is no use to anybody.
  static void checkLength(String field, String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      throw Requests.invalid(field, field + " is over " + MAX_TEXT_LENGTH + " characters");
    }
  }
}
