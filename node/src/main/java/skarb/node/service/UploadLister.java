package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.UploadListing;
import skarb.node.index.UploadPart;
import skarb.node.model.UploadName;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListPartsResponse;
import skarb.v1.ListUploadsRequest;
import skarb.v1.ListUploadsResponse;

/// Pages of the parts of an upload, and of the open uploads of a bucket.
final class UploadLister {
  static final int MAX_PAGE_SIZE = 1000;

  private static final int MAX_TEXT_LENGTH = 4096;

  private final IndexView rows;
  private final Catalog catalog;
  private final Buckets buckets;
  private final UploadFinder finder;

  UploadLister(IndexView rows, Buckets buckets, UploadFinder finder) {
    this.rows = rows;
    this.catalog = new Catalog(rows);
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

  ListUploadsResponse uploads(ListUploadsRequest request) {
    checkLength("prefix", request.getPrefix());
    checkLength("delimiter", request.getDelimiter());
    checkLength("key_marker", request.getKeyMarker());
    BucketRow bucket = buckets.reach(request.getBucket()).bucket();
    UploadListing.Page page =
        UploadListing.page(
            bucket.over(rows),
            new UploadListing.Request(
                bucket.incarnation(),
                ByteString.copyFromUtf8(request.getPrefix()),
                ByteString.copyFromUtf8(request.getDelimiter()),
                ByteString.copyFromUtf8(request.getKeyMarker()),
                uploadMarker(request),
                Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PAGE_SIZE)));
    ListUploadsResponse.Builder response =
        ListUploadsResponse.newBuilder().setTruncated(page.truncated());
    Map<String, String> displayNames = new HashMap<>();
    for (UploadListing.Entry entry : page.entries()) {
      switch (entry) {
        case UploadListing.UploadEntry(var upload) -> {
          String owner = upload.value().getOwnerId();
          response.addUploads(
              UploadAnswers.upload(
                  upload, displayNames.computeIfAbsent(owner, buckets::displayName)));
        }
        case UploadListing.CommonPrefix(var name) ->
            response.addCommonPrefixes(name.toStringUtf8());
      }
    }
    if (page.truncated()) {
      switch (page.entries().getLast()) {
        case UploadListing.UploadEntry(var upload) ->
            response
                .setNextKeyMarker(upload.key().toStringUtf8())
                .setNextUploadIdMarker(upload.name().text());
        case UploadListing.CommonPrefix(var name) -> response.setNextKeyMarker(name.toStringUtf8());
      }
    }
    return response.build();
  }

  private static Optional<UploadName> uploadMarker(ListUploadsRequest request) {
    if (request.getKeyMarker().isEmpty() || request.getUploadIdMarker().isEmpty()) {
      return Optional.empty();
    }
    Optional<UploadName> marker = UploadName.parse(request.getUploadIdMarker());
    if (marker.isEmpty()) {
      throw Requests.invalid("upload_id_marker", "not the id of an upload");
    }
    return marker;
  }

  private static void checkLength(String field, String text) {
    if (text.length() > MAX_TEXT_LENGTH) {
      throw Requests.invalid(field, field + " is over " + MAX_TEXT_LENGTH + " characters");
    }
  }
}
