package skarb.client;

import io.grpc.Deadline;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.GetBucketRequest;
import skarb.v1.ObjectsGrpc;
import skarb.v1.SetGuardedOverwritesRequest;
import skarb.v1.SetVersioningRequest;

/// What [SkarbClient] does, in futures. Safe for any thread.
///
/// A future fails with a [SkarbException], with an [IOException] where a file or the caller's
/// stream fails, or with what a programming error throws. Cancelling it cancels the call; a write
/// may have happened then. Futures complete on the threads that carry calls: what is chained to
/// them must be quick, or go elsewhere by the `Async` methods.
///
/// Streams that are put are read on those threads as well, in order, one read at a time.
public final class AsyncSkarbClient {
  /// The most items of one call of DeleteBatch.
  private static final int BATCH = 1000;

  private final Connection connection;
  private final Uploads uploads;
  private final Duration deadline;
  private final Optional<Duration> transferDeadline;

  AsyncSkarbClient(Connection connection, Duration deadline, Optional<Duration> transferDeadline) {
    this.connection = connection;
    this.uploads = new Uploads(connection);
    this.deadline = deadline;
    this.transferDeadline = transferDeadline;
  }

  /// This client with another deadline, for calls and transfers both. It shares the connection.
  public AsyncSkarbClient withDeadline(Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("a deadline that is over: " + value);
    }
    return new AsyncSkarbClient(connection, value, Optional.of(value));
  }

  /// Stores bytes. They must not change until the future is done.
  public CompletableFuture<PutResult> put(
      String bucket, String key, byte[] body, PutOptions options) {
    return uploads.bytes(target(bucket, key, options), body);
  }

  /// Stores a file, which must not change until the future is done: nothing is stored of one whose
  /// size or time of modification is another after it was read ([Reason#BODY_CHANGED]).
  public CompletableFuture<PutResult> put(
      String bucket, String key, Path body, PutOptions options) {
    return uploads.file(target(bucket, key, options), body);
  }

  /// Stores a stream to its end, whose length nobody knows. The first part of it, or all where it
  /// is shorter, is read before this returns. The stream is not closed.
  public CompletableFuture<PutResult> put(
      String bucket, String key, InputStream body, PutOptions options) {
    return uploads.stream(target(bucket, key, options), body, -1);
  }

  /// Stores so many bytes of a stream. A body of at most 1 MiB is read before this returns. The
  /// stream is not closed.
  public CompletableFuture<PutResult> put(
      String bucket, String key, InputStream body, long length, PutOptions options) {
    if (length < 0) {
      throw new IllegalArgumentException("negative length: " + length);
    }
    return uploads.stream(target(bucket, key, options), body, length);
  }

  private Uploads.Target target(String bucket, String key, PutOptions options) {
    return new Uploads.Target(bucket, key, options, deadline, transferDeadline());
  }

  /// Reads an object into a file. What is there is replaced once the whole body came, was verified
  /// and is on disk, and stays as it was otherwise. A file passes its permissions on; a link is
  /// itself replaced, by a new file.
  public CompletableFuture<ObjectInfo> get(
      String bucket, String key, Path target, GetOptions options) {
    return new DownloadCall<>(
            connection,
            Requests.get(bucket, key, options),
            new FileSink(target),
            transferDeadline())
        .start();
  }

  /// Reads an object into memory.
  ///
  /// @param maxBytes the most; a longer body is [Reason#LARGER_THAN_LIMIT]
  public CompletableFuture<byte[]> getBytes(
      String bucket, String key, int maxBytes, GetOptions options) {
    return new DownloadCall<>(
            connection,
            Requests.get(bucket, key, options),
            new BytesSink(maxBytes),
            transferDeadline())
        .start();
  }

  /// Opens an object for reading. The future is done once the object is known to be there; reading
  /// the stream blocks. A stream that nobody reads for some minutes is ended by the server.
  public CompletableFuture<ObjectStream> open(String bucket, String key, GetOptions options) {
    ObjectStream.Sink sink = new ObjectStream.Sink();
    return sink.start(
        new DownloadCall<>(
            connection, Requests.get(bucket, key, options), sink, transferDeadline()));
  }

  /// What is known of an object.
  public CompletableFuture<ObjectInfo> head(String bucket, String key, GetOptions options) {
    return Futures.map(
        connection.ask(
            ObjectsGrpc.getHeadMethod(), Requests.head(bucket, key, options), callDeadline()),
        answer -> Messages.objectInfo(answer.getInfo()));
  }

  /// Copies an object of at most 5 GiB within the server.
  public CompletableFuture<CopyResult> copy(
      CopySource source, String bucket, String key, CopyOptions options) {
    return Futures.map(
        connection.ask(
            ObjectsGrpc.getCopyMethod(),
            Requests.copy(source, bucket, key, options),
            callDeadline(),
            Repeat.of(ObjectsGrpc.getCopyMethod()).under(options.condition())),
        Messages::copyResult);
  }

  /// Deletes an object. That it is not there is no failure.
  public CompletableFuture<DeleteResult> delete(String bucket, String key, DeleteOptions options) {
    return Futures.map(
        connection.ask(
            ObjectsGrpc.getDeleteMethod(),
            Requests.delete(bucket, key, options),
            callDeadline(),
            Repeat.of(ObjectsGrpc.getDeleteMethod()).under(options.condition())),
        Messages::deleteResult);
  }

  /// Deletes any number of objects, a thousand a call, one call after the other. Each object
  /// succeeds or fails by itself; a call that fails as a whole ends it.
  ///
  /// @return an outcome an item, in their order
  public CompletableFuture<List<DeleteOutcome>> deleteAll(
      String bucket, Collection<DeleteItem> items) {
    CompletableFuture<List<DeleteOutcome>> result = new CompletableFuture<>();
    deleteFrom(bucket, List.copyOf(items), new ArrayList<>(items.size()), result);
    return result;
  }

  private void deleteFrom(
      String bucket,
      List<DeleteItem> items,
      List<DeleteOutcome> outcomes,
      CompletableFuture<List<DeleteOutcome>> result) {
    int from = outcomes.size();
    if (from == items.size() || result.isDone()) {
      result.complete(List.copyOf(outcomes));
      return;
    }
    List<DeleteItem> batch = items.subList(from, Math.min(items.size(), from + BATCH));
    DeleteBatchRequest.Builder request = DeleteBatchRequest.newBuilder().setBucket(bucket);
    batch.forEach(item -> request.addItems(Requests.batchItem(item)));
    boolean conditional = batch.stream().anyMatch(item -> !item.options().condition().isNone());
    CompletableFuture<DeleteBatchResponse> answer =
        connection.ask(
            ObjectsGrpc.getDeleteBatchMethod(),
            request.build(),
            callDeadline(),
            conditional ? Repeat.IF_REFUSED : Repeat.of(ObjectsGrpc.getDeleteBatchMethod()));
    Futures.onCancel(result, () -> answer.cancel(true));
    CompletableFuture<?> unused =
        answer.whenComplete((done, failure) -> {
          if (failure != null) {
            result.completeExceptionally(Futures.unwrapped(failure));
          } else if (done.getOutcomesCount() != batch.size()) {
            result.completeExceptionally(
                Failures.damaged("there are not as many outcomes as there were items"));
          } else {
            for (int i = 0; i < batch.size(); i++) {
              outcomes.add(outcome(batch.get(i), done.getOutcomes(i)));
            }
            deleteFrom(bucket, items, outcomes, result);
          }
        });
  }

  private static DeleteOutcome outcome(DeleteItem item, DeleteBatchOutcome outcome) {
    return outcome.hasDeleted()
        ? new DeleteOutcome.Deleted(item, Messages.deleteResult(outcome.getDeleted()))
        : new DeleteOutcome.Failed(
            item,
            Reason.named(outcome.getFailure().getReason()),
            outcome.getFailure().getMessage());
  }

  /// The first page of a bucket's current objects, in byte order of their keys.
  ///
  /// @param options without a delimiter
  public CompletableFuture<Page<ObjectInfo>> list(String bucket, ListOptions options) {
    return lists().objects(bucket, options);
  }

  /// The first page of a bucket's current objects and what their keys share up to a delimiter, in
  /// one order.
  public CompletableFuture<Page<ListEntry>> listEntries(String bucket, ListOptions options) {
    return lists().entries(bucket, options);
  }

  /// The first page of a bucket's versions and delete markers: in byte order of the keys, those of
  /// one key the newest first.
  ///
  /// @param options without a delimiter
  public CompletableFuture<Page<ObjectVersion>> listVersions(String bucket, ListOptions options) {
    return lists().versions(bucket, options);
  }

  /// The first page of a bucket's open uploads.
  ///
  /// @param options without a delimiter
  public CompletableFuture<Page<UploadInfo>> listUploads(String bucket, ListOptions options) {
    return lists().uploads(bucket, options);
  }

  /// The first page of the caller's buckets, in order of their names.
  ///
  /// @param prefix only names that begin with this; empty for all
  public CompletableFuture<Page<BucketInfo>> listBuckets(String prefix) {
    return lists().buckets(prefix);
  }

  /// Makes a bucket.
  public CompletableFuture<BucketInfo> createBucket(String bucket) {
    return Futures.map(
        connection.ask(
            BucketsGrpc.getCreateMethod(),
            CreateBucketRequest.newBuilder().setName(bucket).build(),
            callDeadline()),
        answer -> Messages.bucketInfo(answer.getBucket()));
  }

  /// What is known of a bucket.
  public CompletableFuture<BucketInfo> headBucket(String bucket) {
    return Futures.map(
        connection.ask(
            BucketsGrpc.getGetMethod(),
            GetBucketRequest.newBuilder().setName(bucket).build(),
            callDeadline()),
        answer -> Messages.bucketInfo(answer.getBucket()));
  }

  /// Deletes a bucket that is empty.
  public CompletableFuture<@Nullable Void> deleteBucket(String bucket) {
    return Futures.toVoid(
        connection.ask(
            BucketsGrpc.getDeleteMethod(),
            DeleteBucketRequest.newBuilder().setName(bucket).build(),
            callDeadline()));
  }

  /// Says whether a bucket keeps versions: [Versioning#ENABLED] or [Versioning#SUSPENDED].
  public CompletableFuture<@Nullable Void> setVersioning(String bucket, Versioning versioning) {
    return Futures.toVoid(
        connection.ask(
            BucketsGrpc.getSetVersioningMethod(),
            SetVersioningRequest.newBuilder()
                .setName(bucket)
                .setVersioning(Requests.versioning(versioning))
                .build(),
            callDeadline()));
  }

  /// Says whether a write over what is current in a bucket must carry a [WriteCondition].
  public CompletableFuture<@Nullable Void> setGuardedOverwrites(String bucket, boolean guarded) {
    return Futures.toVoid(
        connection.ask(
            BucketsGrpc.getSetGuardedOverwritesMethod(),
            SetGuardedOverwritesRequest.newBuilder().setName(bucket).setGuarded(guarded).build(),
            callDeadline()));
  }

  private Lists lists() {
    return new Lists(connection, deadline);
  }

  private Deadline callDeadline() {
    return Uploads.after(deadline);
  }

  private @Nullable Deadline transferDeadline() {
    return transferDeadline.map(Uploads::after).orElse(null);
  }
}
