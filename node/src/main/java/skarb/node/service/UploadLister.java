package skarb.node.service;

import java.util.List;
import skarb.node.index.Catalog;
import skarb.node.index.UploadPart;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListPartsResponse;

/// Pages of the parts of an upload, and of the open uploads of a bucket.
final class UploadLister {
  static final int MAX_PAGE_SIZE = 1000;

  private final Catalog catalog;
  private final Buckets buckets;
  private final UploadFinder finder;

  UploadLister(Catalog catalog, Buckets buckets, UploadFinder finder) {
    this.catalog = catalog;
    this.buckets = buckets;
    this.finder = finder;
  }

  ListPartsResponse parts(ListPartsRequest request) {
    UploadFinder.Found found =
        finder.find(request.getBucket(), request.getKey(), request.getUploadId());
    int size = Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PAGE_SIZE);
    int after = request.getAfterPartNumber() < 0 ? Integer.MAX_VALUE : request.getAfterPartNumber();
    List<UploadPart> parts =
        size == 0 ? List.of() : catalog.uploads().parts(found.name(), after, size + 1);
    ListPartsResponse.Builder response =
        ListPartsResponse.newBuilder()
            .setUpload(
                UploadAnswers.upload(
                    found.upload(), buckets.displayName(found.upload().value().getOwnerId())))
            .setTruncated(parts.size() > size);
    parts.stream()
        .limit(size)
        .forEach(part -> response.addParts(UploadAnswers.part(part.number(), part.value())));
    return response.build();
  }
}
