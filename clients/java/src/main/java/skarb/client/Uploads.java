package skarb.client;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.v1.CreateUploadRequest;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.UploadHeader;

/// Chooses how a body goes up: by one call up to 1 MiB, in parts from the threshold on, as one
/// stream between these.
final class Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

  /// The most that the protocol lets a Put have.
  static final int SMALL_BYTES = 1 << 20;

  /// The most that a part of a stream of unknown length grows to: 10,000 growing parts hold the 5
  /// TiB that an object may have.
  static final long MOST_GROWN_BYTES = 768L << 20;

  /// The largest array that every JVM can make.
  private static final long MOST_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private final Connection connection;

  Uploads(Connection connection) {
    this.connection = connection;
  }

  /// Where an object goes, and what is said about it.
  ///
  /// @param deadline how long a call with a small body may take, from when the body was read
  /// @param transferDeadline of all others; null for none
  record Target(
      String bucket,
      String key,
      PutOptions options,
      Duration deadline,
      @Nullable Deadline transferDeadline) {}

  CompletableFuture<PutResult> bytes(Target target, byte[] bytes) {
    return slices(
        target,
        bytes.length,
        (position, length) -> new Body.Bytes(bytes, (int) position, (int) length));
  }

  /// The file is closed when the upload has ended.
  CompletableFuture<PutResult> file(Target target, Path path) {
    SourceFile file;
    CompletableFuture<PutResult> result;
    try {
      file = SourceFile.open(path);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    try {
      result =
          slices(
              target,
              file.size(),
              (position, length) -> new Body.FileSlice(file, position, length));
    } catch (RuntimeException e) {
      close(file);
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<?> unused = result.whenComplete((stored, failure) -> close(file));
    return result;
  }

  private static void close(SourceFile file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("a file that was read cannot be closed: {}", e.getMessage());
    }
  }

  private CompletableFuture<PutResult> slices(
      Target target, long length, PartSource.Slicer slicer) {
    ClientConfig config = connection.config();
    if (length < config.multipartThreshold()) {
      return whole(target, slicer.slice(0, length));
    }
    long partSize = PartSource.partSize(length, config.partSize());
    return inParts(target, PartSource.ofSlices(length, partSize, slicer));
  }

  /// @param length its bytes; -1 where nobody knows
  CompletableFuture<PutResult> stream(Target target, InputStream stream, long length) {
    ClientConfig config = connection.config();
    if (length >= 0 && length < config.multipartThreshold()) {
      return whole(target, new Body.FromStream(stream, length));
    }
    long partSize = length < 0 ? config.partSize() : PartSource.partSize(length, config.partSize());
    if (partSize > MOST_ARRAY_BYTES) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(
              "parts of " + partSize + " bytes do not fit in memory: put a file instead"));
    }
    if (length >= 0) {
      return inParts(target, PartSource.ofStream(stream, (int) partSize, length));
    }
    byte[] first;
    try {
      first = stream.readNBytes((int) partSize);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    return first.length < partSize
        ? bytes(target, first)
        : inParts(
            target,
            PartSource.ofGrowing(stream, first, mostGrown(Runtime.getRuntime().maxMemory())));
  }

  /// Parts of a stream are in memory: together they take half of the heap at most, unless they are
  /// larger than that to begin with.
  private long mostGrown(long heap) {
    return Math.min(MOST_GROWN_BYTES, heap / 2 / (connection.config().partsInFlight() + 1));
  }

  /// By one call.
  private CompletableFuture<PutResult> whole(Target target, Body body) {
    ChecksumAlgorithm algorithm = algorithm(target);
    UploadHeader header =
        Requests.uploadHeader(
            target.bucket(), target.key(), target.options(), algorithm, body.length());
    if (body.length() <= SMALL_BYTES) {
      return small(target, header, algorithm, body);
    }
    return Futures.map(
        connection.run(
            () ->
                body.isRepeatable()
                    ? Repeat.ALWAYS.under(target.options().condition())
                    : Repeat.NEVER,
            target.transferDeadline(),
            () ->
                UploadCall.start(
                    connection,
                    UploadProtocol.ofObject(header),
                    body,
                    algorithm,
                    target.transferDeadline())),
        Messages::putResult);
  }

  private CompletableFuture<PutResult> small(
      Target target, UploadHeader header, ChecksumAlgorithm algorithm, Body body) {
    ByteString content;
    try {
      content = body.readWhole();
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    Digest digest = Digest.of(algorithm);
    digest.update(content);
    PutRequest request =
        PutRequest.newBuilder()
            .setHeader(
                header.toBuilder().setExpected(Messages.checksums(algorithm, digest.value())))
            .setContent(content)
            .build();
    Repeat repeat = Repeat.of(ObjectsGrpc.getPutMethod()).under(target.options().condition());
    CompletableFuture<PutResponse> answer =
        connection.ask(ObjectsGrpc.getPutMethod(), request, after(target.deadline()), repeat);
    return Futures.map(answer, put -> Messages.putResult(put.getResult()));
  }

  private CompletableFuture<PutResult> inParts(Target target, PartSource parts) {
    ChecksumAlgorithm algorithm = algorithm(target);
    CreateUploadRequest create =
        Requests.createUpload(target.bucket(), target.key(), target.options(), algorithm);
    return Futures.map(
        MultipartUpload.start(
            connection, create, target.options(), algorithm, parts, target.transferDeadline()),
        Messages::putResult);
  }

  private ChecksumAlgorithm algorithm(Target target) {
    return target.options().checksumAlgorithm().orElse(connection.config().checksum());
  }

  static Deadline after(Duration duration) {
    return Deadline.after(duration.toNanos(), TimeUnit.NANOSECONDS);
  }
}
