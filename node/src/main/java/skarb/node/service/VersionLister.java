package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.Optional;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.VersionListing;
import skarb.node.index.VersionPage;
import skarb.node.model.VersionId;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
import skarb.v1.ListedVersion;

/// Pages of all versions and delete markers of a bucket.
///
/// The marker that a page gives for the next one after a null version is not `null` but its place
/// among the versions, in the form of their ids: so the next page begins there though the null
/// version was deleted meanwhile, as whoever empties a bucket page by page does.
final class VersionLister {
  private final IndexView rows;
  private final Catalog catalog;
  private final Buckets buckets;

  VersionLister(IndexView rows, Buckets buckets) {
    this.rows = rows;
    this.catalog = new Catalog(rows);
    this.buckets = buckets;
  }

  ListVersionsResponse list(ListVersionsRequest request) {
    return all(request).next();
  }

  /// All pages from the one that is asked for. What can be wrong with the request is told at once.
  ObjectLister.Pages<ListVersionsResponse> all(ListVersionsRequest request) {
    ObjectLister.checkLength("prefix", request.getPrefix());
    ObjectLister.checkLength("delimiter", request.getDelimiter());
    ObjectLister.checkLength("key_marker", request.getKeyMarker());
    Optional<VersionId> afterVersion = Optional.empty();
    if (!request.getVersionIdMarker().isEmpty()) {
      if (request.getKeyMarker().isEmpty()) {
        throw Requests.invalid("version_id_marker", "a version_id_marker goes with a key_marker");
      }
      afterVersion = Optional.of(VersionId.parse(request.getVersionIdMarker()));
    }
    BucketRow bucket = buckets.reach(request.getBucket()).bucket();
    return new VersionPages(
        bucket,
        new VersionListing.Request(
            bucket.incarnation(),
            ByteString.copyFromUtf8(request.getPrefix()),
            ByteString.copyFromUtf8(request.getDelimiter()),
            ByteString.copyFromUtf8(request.getKeyMarker()),
            afterVersion,
            Requests.pageSize(
                request.hasPageSize(), request.getPageSize(), ObjectLister.MAX_PAGE_SIZE)));
  }

  private final class VersionPages implements ObjectLister.Pages<ListVersionsResponse> {
    private final BucketRow bucket;
    private Optional<VersionListing.Request> next;

    VersionPages(BucketRow bucket, VersionListing.Request first) {
      this.bucket = bucket;
      this.next = Optional.of(first);
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public ListVersionsResponse next() {
      VersionListing.Request request = next.orElseThrow();
      VersionPage page = VersionListing.page(bucket.over(rows), request);
      next = page.next().map(position -> after(request, position));
      ListVersionsResponse.Builder response =
          ListVersionsResponse.newBuilder().setTruncated(page.truncated());
      ObjectLister.OwnerNames names = new ObjectLister.OwnerNames(buckets);
      Answers.OfBucket answers =
          Answers.ofBucket(bucket, catalog.in(bucket).versioning(bucket.incarnation()));
      for (VersionPage.Entry entry : page.entries()) {
        switch (entry) {
          case VersionPage.VersionEntry(var key, var version, var latest) ->
              response.addVersions(
                  ListedVersion.newBuilder()
                      .setInfo(
                          answers.listed(key.toStringUtf8(), version, names.of(version.ownerId())))
                      .setIsLatest(latest));
          case VersionPage.CommonPrefix(var name) ->
              response.addCommonPrefixes(name.toStringUtf8());
        }
      }
      page.next()
          .ifPresent(position -> {
            response.setNextKeyMarker(position.key().toStringUtf8());
            position
                .version()
                .ifPresent(
                    order -> response.setNextVersionIdMarker(new VersionId.Stamped(order).text()));
          });
      return response.build();
    }

    private VersionListing.Request after(
        VersionListing.Request request, VersionPage.Position position) {
      return new VersionListing.Request(
          request.incarnation(),
          request.prefix(),
          request.delimiter(),
          position.key(),
          position.version().map(VersionId.Stamped::new),
          request.maxEntries());
    }
  }
}
