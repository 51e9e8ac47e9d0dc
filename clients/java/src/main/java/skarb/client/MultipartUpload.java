package skarb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.v1.AbortUploadRequest;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.CreateUploadRequest;
import skarb.v1.MultipartGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.PutResult;

/// One object sent in parts, several at once:
///
/// ```
///  create                         → the upload's id
///  read part, send it             up to partsInFlight at once; the end of one begins the next
///  all parts there                → complete, with the checksum of the whole
///  anything failed                → cancel the parts in flight, wait for them, abort
/// ```
///
/// Parts are read one at a time, and only while fewer than `partsInFlight` are on their way: of a
/// stream at most that many and the one being read are in memory. A part is tried again by itself.
/// Completing again is safe, since it carries a token of this upload's own.
final class MultipartUpload {
  private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);

  private final Connection connection;
  private final CreateUploadRequest target;
  private final PutOptions options;
  private final ChecksumAlgorithm algorithm;
  private final PartSource source;
  private final @Nullable Deadline deadline;
  private final Releasing<PutResult> result = new Releasing<>();
  private final String completionToken = UUID.randomUUID().toString();

  private final ReentrantLock lock = new ReentrantLock();

  /// Set once, before the first part.
  private volatile String uploadId = "";

  @GuardedBy("lock")
  private final SortedMap<Integer, PartInfo> stored = new TreeMap<>();

  @GuardedBy("lock")
  private final Map<Integer, CompletableFuture<PartInfo>> inFlight = new HashMap<>();

  /// Parts that were read and did not end yet; a little more than are in `inFlight`.
  @GuardedBy("lock")
  private int running;

  @GuardedBy("lock")
  private int lastNumber;

  @GuardedBy("lock")
  private boolean reading;

  @GuardedBy("lock")
  private boolean allRead;

  @GuardedBy("lock")
  private boolean ending;

  @GuardedBy("lock")
  private @Nullable Throwable failure;

  private MultipartUpload(
      Connection connection,
      CreateUploadRequest target,
      PutOptions options,
      ChecksumAlgorithm algorithm,
      PartSource source,
      @Nullable Deadline deadline) {
    this.connection = connection;
    this.target = target;
    this.options = options;
    this.algorithm = algorithm;
    this.source = source;
    this.deadline = deadline;
  }

  /// Begins. Cancelling the future aborts the upload.
  static CompletableFuture<PutResult> start(
      Connection connection,
      CreateUploadRequest target,
      PutOptions options,
      ChecksumAlgorithm algorithm,
      PartSource source,
      @Nullable Deadline deadline) {
    MultipartUpload upload =
        new MultipartUpload(connection, target, options, algorithm, source, deadline);
    upload.create();
    return upload.result;
  }

  private void create() {
    CompletableFuture<?> unused =
        connection
            .ask(MultipartGrpc.getCreateMethod(), target, shortDeadline())
            .whenComplete((created, failed) -> {
              if (failed != null) {
                result.completeExceptionally(Futures.unwrapped(failed));
                result.release();
                return;
              }
              uploadId = created.getUploadId();
              Futures.onCancel(result, () -> fail(new CancellationException()));
              advance();
            });
  }

  /// Reads and sends parts while there is room for one; ends the upload where nothing is left to
  /// wait for. Called after everything that happens.
  private void advance() {
    while (mayRead()) {
      Body part = null;
      try {
        part = source.next();
      } catch (IOException | RuntimeException e) {
        fail(e);
      }
      int number = afterReading(part);
      if (part != null && number > 0) {
        send(number, part);
      }
    }
    if (mayEnd()) {
      end();
    }
  }

  private boolean mayRead() {
    lock.lock();
    try {
      if (reading || allRead || failure != null || running >= connection.config().partsInFlight()) {
        return false;
      }
      reading = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// @return the part's number; 0 where none is to be sent
  private int afterReading(@Nullable Body part) {
    lock.lock();
    try {
      reading = false;
      if (part == null) {
        allRead = true;
        return 0;
      }
      if (failure != null) {
        return 0;
      }
      running++;
      return ++lastNumber;
    } finally {
      lock.unlock();
    }
  }

  private void send(int number, Body part) {
    PartHeader header =
        PartHeader.newBuilder()
            .setBucket(target.getBucket())
            .setKey(target.getKey())
            .setUploadId(uploadId)
            .setPartNumber(number)
            .setContentLength(part.length())
            .setChecksumAlgorithm(Requests.algorithm(algorithm))
            .build();
    CompletableFuture<PartInfo> sent =
        connection.run(
            () -> Repeat.ALWAYS,
            deadline,
            () ->
                UploadCall.start(
                    connection, UploadProtocol.ofPart(header), part, algorithm, deadline));
    boolean tooLate;
    lock.lock();
    try {
      inFlight.put(number, sent);
      tooLate = failure != null;
    } finally {
      lock.unlock();
    }
    CompletableFuture<?> unused = sent.whenComplete((info, failed) -> ended(number, info, failed));
    if (tooLate) {
      sent.cancel(true);
    }
  }

  private void ended(int number, @Nullable PartInfo info, @Nullable Throwable failed) {
    lock.lock();
    try {
      inFlight.remove(number);
      running--;
      if (info != null) {
        stored.put(number, info);
      }
    } finally {
      lock.unlock();
    }
    if (failed != null) {
      fail(Futures.unwrapped(failed));
    }
    advance();
  }

  /// The first failure is the upload's; it takes the other parts with it.
  private void fail(Throwable cause) {
    List<CompletableFuture<PartInfo>> others;
    lock.lock();
    try {
      if (failure != null || ending) {
        return;
      }
      failure = cause;
      others = List.copyOf(inFlight.values());
    } finally {
      lock.unlock();
    }
    others.forEach(part -> part.cancel(true));
    if (cause instanceof CancellationException) {
      advance();
    }
  }

  /// A part that is read is waited for, unless nobody waits for the upload any more: a stream may
  /// give nothing for long.
  private boolean mayEnd() {
    lock.lock();
    try {
      boolean waits = reading && !(failure instanceof CancellationException);
      if (ending || waits || running > 0 || (failure == null && !allRead)) {
        return false;
      }
      ending = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    Throwable cause;
    CompleteUploadRequest request;
    lock.lock();
    try {
      cause = failure;
      request = completion();
    } finally {
      lock.unlock();
    }
    if (cause != null) {
      abort(cause);
      return;
    }
    CompletableFuture<?> unused =
        connection
            .ask(MultipartGrpc.getCompleteMethod(), request, shortDeadline())
            .whenComplete((answer, failed) -> {
              if (failed == null) {
                result.complete(answer.getResult());
                result.release();
              } else {
                abort(Futures.unwrapped(failed));
              }
            });
  }

  @GuardedBy("lock")
  private CompleteUploadRequest completion() {
    CompleteUploadRequest.Builder request =
        CompleteUploadRequest.newBuilder()
            .setBucket(target.getBucket())
            .setKey(target.getKey())
            .setUploadId(uploadId)
            .setIdempotencyToken(completionToken);
    List<Long> sizes = new ArrayList<>();
    long size = 0;
    for (PartInfo part : stored.values()) {
      request.addParts(
          CompletedPart.newBuilder()
              .setNumber(part.getNumber())
              .setEtag(part.getEtag())
              .setChecksums(
                  Messages.checksums(
                      algorithm, Messages.checksum(part.getChecksums(), algorithm))));
      sizes.add(part.getSize());
      size += part.getSize();
    }
    request
        .setObjectSize(size)
        .setExpected(PartChecksums.ofWhole(algorithm, request.getPartsList(), sizes));
    if (!options.condition().isNone()) {
      request.setConditions(Requests.conditions(options.condition()));
    }
    return request.build();
  }

  /// Lets the parts go, and tells of the failure once that is done. An upload that is gone already
  /// is what was wanted, so that it may be tried again.
  private void abort(Throwable cause) {
    AbortUploadRequest request =
        AbortUploadRequest.newBuilder()
            .setBucket(target.getBucket())
            .setKey(target.getKey())
            .setUploadId(uploadId)
            .build();
    Deadline ownDeadline =
        Deadline.after(connection.config().deadline().toNanos(), TimeUnit.NANOSECONDS);
    CompletableFuture<?> unused =
        connection
            .ask(MultipartGrpc.getAbortMethod(), request, ownDeadline, Repeat.ALWAYS)
            .whenComplete((answer, failed) -> {
              if (failed != null && !isGone(Futures.unwrapped(failed))) {
                LOG.warn(
                    "the upload {} of {} could not be aborted and keeps its parts: {}",
                    uploadId,
                    target.getKey(),
                    Futures.unwrapped(failed).getMessage());
              }
              result.completeExceptionally(cause);
              result.release();
            });
  }

  private static boolean isGone(Throwable failed) {
    return failed instanceof SkarbException known && known.reason() == Reason.NO_SUCH_UPLOAD;
  }

  /// Of a call without a body: its own, or the whole upload's where that ends sooner.
  private Deadline shortDeadline() {
    Deadline own = Deadline.after(connection.config().deadline().toNanos(), TimeUnit.NANOSECONDS);
    return deadline == null ? own : own.minimum(deadline);
  }
}
