package skarb.client;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import skarb.v1.BucketsGrpc;
import skarb.v1.ListBucketsRequest;
import skarb.v1.ListBucketsResponse;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ListUploadsRequest;
import skarb.v1.ListUploadsResponse;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;

/// Asks for pages. Each page has a deadline of its own.
final class Lists {
  private final Connection connection;
  private final Duration deadline;

  Lists(Connection connection, Duration deadline) {
    this.connection = connection;
    this.deadline = deadline;
  }

  CompletableFuture<Page<ListEntry>> entries(String bucket, ListOptions options) {
    return objects(request(bucket, options), Lists::merged);
  }

  CompletableFuture<Page<ObjectInfo>> objects(String bucket, ListOptions options) {
    refuseDelimiter(options);
    return objects(
        request(bucket, options),
        page -> page.getObjectsList().stream().map(Messages::objectInfo).toList());
  }

  private static ListRequest request(String bucket, ListOptions options) {
    ListRequest.Builder request =
        ListRequest.newBuilder()
            .setBucket(bucket)
            .setPrefix(options.prefix())
            .setDelimiter(options.delimiter())
            .setStartAfter(options.startAfter());
    options.pageSize().ifPresent(request::setPageSize);
    return request.build();
  }

  private <T> CompletableFuture<Page<T>> objects(
      ListRequest request, Function<ListResponse, List<T>> entries) {
    return Futures.map(
        connection.ask(ObjectsGrpc.getListMethod(), request, soon()),
        page ->
            page(
                entries.apply(page),
                page.getNextPageToken().isEmpty()
                    ? null
                    : () ->
                        objects(
                            request.toBuilder().setPageToken(page.getNextPageToken()).build(),
                            entries)));
  }

  /// Objects and common prefixes in one order. Both are in byte order of UTF-8, which is that of
  /// code points.
  static List<ListEntry> merged(ListResponse page) {
    List<ListEntry> merged = new ArrayList<>();
    int prefix = 0;
    for (skarb.v1.ObjectInfo object : page.getObjectsList()) {
      while (prefix < page.getCommonPrefixesCount()
          && compare(page.getCommonPrefixes(prefix), object.getKey()) < 0) {
        merged.add(new ListEntry.Prefix(page.getCommonPrefixes(prefix)));
        prefix++;
      }
      merged.add(new ListEntry.Entry(Messages.objectInfo(object)));
    }
    for (; prefix < page.getCommonPrefixesCount(); prefix++) {
      merged.add(new ListEntry.Prefix(page.getCommonPrefixes(prefix)));
    }
    return merged;
  }

  static int compare(String a, String b) {
    int at = 0;
    while (at < a.length() && at < b.length()) {
      int left = a.codePointAt(at);
      int right = b.codePointAt(at);
      if (left != right) {
        return Integer.compare(left, right);
      }
      at += Character.charCount(left);
    }
    return Integer.compare(a.length(), b.length());
  }

  CompletableFuture<Page<ObjectVersion>> versions(String bucket, ListOptions options) {
    refuseDelimiter(options);
    ListVersionsRequest.Builder request =
        ListVersionsRequest.newBuilder()
            .setBucket(bucket)
            .setPrefix(options.prefix())
            .setKeyMarker(options.startAfter());
    options.pageSize().ifPresent(request::setPageSize);
    return versions(request.build());
  }

  private CompletableFuture<Page<ObjectVersion>> versions(ListVersionsRequest request) {
    return Futures.map(
        connection.ask(ObjectsGrpc.getListVersionsMethod(), request, soon()),
        (ListVersionsResponse page) ->
            page(
                page.getVersionsList().stream()
                    .map(version ->
                        new ObjectVersion(
                            Messages.objectInfo(version.getInfo()), version.getIsLatest()))
                    .toList(),
                page.getTruncated()
                    ? () ->
                        versions(
                            request.toBuilder()
                                .setKeyMarker(page.getNextKeyMarker())
                                .setVersionIdMarker(page.getNextVersionIdMarker())
                                .build())
                    : null));
  }

  CompletableFuture<Page<UploadInfo>> uploads(String bucket, ListOptions options) {
    refuseDelimiter(options);
    ListUploadsRequest.Builder request =
        ListUploadsRequest.newBuilder()
            .setBucket(bucket)
            .setPrefix(options.prefix())
            .setKeyMarker(options.startAfter());
    options.pageSize().ifPresent(request::setPageSize);
    return uploads(request.build());
  }

  private CompletableFuture<Page<UploadInfo>> uploads(ListUploadsRequest request) {
    return Futures.map(
        connection.ask(MultipartGrpc.getListUploadsMethod(), request, soon()),
        (ListUploadsResponse page) ->
            page(
                page.getUploadsList().stream().map(Messages::uploadInfo).toList(),
                page.getTruncated()
                    ? () ->
                        uploads(
                            request.toBuilder()
                                .setKeyMarker(page.getNextKeyMarker())
                                .setUploadIdMarker(page.getNextUploadIdMarker())
                                .build())
                    : null));
  }

  CompletableFuture<Page<BucketInfo>> buckets(String prefix) {
    return buckets(ListBucketsRequest.newBuilder().setPrefix(prefix).setPageSize(1000).build());
  }

  private CompletableFuture<Page<BucketInfo>> buckets(ListBucketsRequest request) {
    return Futures.map(
        connection.ask(BucketsGrpc.getListMethod(), request, soon()),
        (ListBucketsResponse page) ->
            page(
                page.getBucketsList().stream().map(Messages::bucketInfo).toList(),
                page.getNextPageToken().isEmpty()
                    ? null
                    : () ->
                        buckets(
                            request.toBuilder().setPageToken(page.getNextPageToken()).build())));
  }

  private static <T> Page<T> page(
      List<T> entries, @Nullable Supplier<CompletableFuture<Page<T>>> next) {
    return new Page<>(entries, next);
  }

  private static void refuseDelimiter(ListOptions options) {
    if (!options.delimiter().isEmpty()) {
      throw new IllegalArgumentException("a delimiter goes with listEntries only");
    }
  }

  private Deadline soon() {
    return Uploads.after(deadline);
  }
}
