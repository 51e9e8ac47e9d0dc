package skarb.node.content;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.FrameBytes;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;

/// Takes the bytes of one body and stores them: frames in, chunks out, all digests in one pass.
///
/// ```java
/// try (var writer = new BodyWriter(seams, config, chunks, budget, BodyPromise.of(header))) {
///   while (...) writer.write(frame.getContent(), frame.getCrc32C());
///   StoredBody body = writer.finish(trailer.getExpected());
///   commit(..., body.manifest(), body.journaled(), onApplied: body::close);
/// }
/// ```
///
/// This class holds to what was promised of the body; [ChunkCutter] makes chunks of its bytes.
///
/// Nothing of the body can be seen before it is committed: the chunks of an upload that ends early
/// are garbage for the collector.
///
/// One thread at a time; tasks of the cutter write and hash meanwhile.
public final class BodyWriter implements AutoCloseable {
  /// Frames up to this size are gathered: as buffers of their own they would cost more than their
  /// bytes.
  private static final int SMALL_FRAME_BYTES = 4 << 10;

  private static final int GATHER_BYTES = 32 << 10;

  private final ContentConfig config;
  private final ChunkStore chunks;
  private final BodyBudget budget;
  private final BodyPromise promise;
  private final Executor executor;
  private final DigestPipeline digests;
  private final ChunkCutter cutter;

  /// Bytes that came, those gathered included.
  private long received;

  private byte[] gathered = {};
  private int gatheredBytes;

  private boolean ended;

  /// @param promise what is said of the body before its bytes
  public BodyWriter(
      Seams seams,
      ContentConfig config,
      ChunkStore chunks,
      BodyBudget budget,
      BodyPromise promise) {
    this.config = config;
    this.chunks = chunks;
    this.budget = budget;
    this.promise = promise;
    this.executor = seams.executor();
    this.digests = new DigestPipeline(promise.toCompute(), executor, config.parallelBytes());
    this.cutter = new ChunkCutter(config, chunks, budget, executor, digests);
  }

  /// Takes the next bytes and checks them against their CRC-32C.
  ///
  /// @throws NodeException FRAME_CHECKSUM_MISMATCH, and as [#write(ByteString)]
  /// @throws InterruptedException while waiting for the budget
  public void write(ByteString content, int crc32c) throws InterruptedException {
    CRC32C crc = new CRC32C();
    for (ByteBuffer bytes : FrameBytes.of(content)) {
      crc.update(bytes);
    }
    if ((int) crc.getValue() != crc32c) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_FRAME_CHECKSUM_MISMATCH,
          "the frame at byte " + received + " does not match its CRC-32C");
    }
    write(content);
  }

  /// Takes the next bytes, of any number. Blocks while the budget is used up or the disk is behind.
  ///
  /// @param content not changed by anybody from here on
  /// @throws NodeException INCOMPLETE_BODY past the promised length, ENTITY_TOO_LARGE past the
  ///   limit, READ_ONLY or DISK_FULL if it cannot be stored
  /// @throws InterruptedException while waiting for the budget
  public void write(ByteString content) throws InterruptedException {
    mustBeOpen();
    long size = received + content.size();
    if (promise.length().isPresent() && size > promise.length().getAsLong()) {
      throw incomplete(size);
    }
    if (size > config.maxBodyBytes()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_ENTITY_TOO_LARGE,
          "the body is over " + config.maxBodyBytes() + " bytes",
          Map.of("size", "" + size, "max_size", "" + config.maxBodyBytes()));
    }
    received = size;
    if (content.size() <= SMALL_FRAME_BYTES) {
      gather(content);
      return;
    }
    addGathered();
    for (ByteBuffer bytes : FrameBytes.of(content)) {
      cutter.add(bytes);
    }
  }

  /// Bytes so far.
  public long size() {
    return received;
  }

  /// Ends the body: checks what was promised of it, and makes its chunks durable. Who gets the
  /// stored body closes it.
  ///
  /// @param expectedAtEnd checksums that were not known at the start; they are best asked for by
  ///   [BodyPromise#algorithms], else the body is read once more for them
  /// @throws NodeException INCOMPLETE_BODY, MD5_MISMATCH, CONTENT_SHA256_MISMATCH,
  ///   CHECKSUM_MISMATCH, INVALID_ARGUMENT; READ_ONLY or DISK_FULL if it cannot be stored
  /// @throws InterruptedException while waiting for the budget
  public StoredBody finish(Checksums expectedAtEnd) throws InterruptedException {
    mustBeOpen();
    BodyPromise.checkLengths(expectedAtEnd);
    if (promise.length().isPresent() && received != promise.length().getAsLong()) {
      throw incomplete(received);
    }
    addGathered();
    List<EncodedChunk> journaled = cutter.end();
    Map<BodyChecksum, ByteString> actual = digests.finish();
    Manifest whole = cutter.manifest();
    Set<BodyChecksum> late = EnumSet.copyOf(promise.toStore(expectedAtEnd));
    late.addAll(BodyPromise.named(expectedAtEnd));
    late.removeAll(actual.keySet());
    if (!late.isEmpty()) {
      actual.putAll(readAgain(late, whole, journaled));
    }
    verify(promise.expected(), promise.signedSha256(), actual);
    verify(expectedAtEnd, false, actual);
    Checksums.Builder checksums = Checksums.newBuilder();
    for (BodyChecksum kind : promise.toStore(expectedAtEnd)) {
      kind.set(checksums, kind.in(actual));
    }
    chunks.force(cutter.pins());
    return handOver(whole, BodyChecksum.MD5.in(actual), checksums.build(), journaled);
  }

  /// Gives up, unless it was finished: pins and budget are given back. Idempotent.
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    cutter.abandon();
  }

  private void gather(ByteString content) throws InterruptedException {
    if (gatheredBytes + content.size() > GATHER_BYTES) {
      addGathered();
    }
    int needed = gatheredBytes + content.size();
    if (needed > gathered.length) {
      // Exact at first: most bodies of one small frame are all that there is.
      gathered = Arrays.copyOf(gathered, Math.max(needed, 2 * gatheredBytes));
    }
    content.copyTo(gathered, gatheredBytes);
    gatheredBytes = needed;
  }

  private void addGathered() throws InterruptedException {
    if (gatheredBytes > 0) {
      ByteBuffer bytes = ByteBuffer.wrap(gathered, 0, gatheredBytes);
      gathered = new byte[] {};
      gatheredBytes = 0;
      cutter.add(bytes);
    }
  }

  /// Computes what was promised at the end alone.
  private Map<BodyChecksum, ByteString> readAgain(
      Set<BodyChecksum> wanted, Manifest whole, List<EncodedChunk> journaled) {
    DigestPipeline late = DigestPipeline.ofStored(wanted, executor, Long.MAX_VALUE);
    if (journaled.isEmpty()) {
      new BodyReader(chunks)
          .read(
              whole,
              0,
              whole.getSize(),
              (content, crc32c) -> FrameBytes.of(content).forEach(late::update));
    } else {
      cutter.pieces().forEach(late::update);
    }
    return late.finish();
  }

  private static void verify(
      Checksums expected, boolean signedSha256, Map<BodyChecksum, ByteString> actual) {
    for (BodyChecksum kind : BodyPromise.named(expected)) {
      Optional<ByteString> value = kind.in(expected);
      if (value.isPresent() && !value.get().equals(actual.get(kind))) {
        throw mismatch(kind, signedSha256);
      }
    }
  }

  private static NodeException mismatch(BodyChecksum kind, boolean signedSha256) {
    if (kind == BodyChecksum.MD5) {
      return new NodeException(
          ErrorReason.ERROR_REASON_MD5_MISMATCH, "the body does not have the promised MD5");
    }
    if (kind == BodyChecksum.SHA256 && signedSha256) {
      return new NodeException(
          ErrorReason.ERROR_REASON_CONTENT_SHA256_MISMATCH,
          "the body does not have the SHA-256 that the request was signed with");
    }
    return new NodeException(
        ErrorReason.ERROR_REASON_CHECKSUM_MISMATCH,
        "the body does not have the promised " + kind.name(),
        Map.of("algorithm", kind.name()));
  }

  private StoredBody handOver(
      Manifest whole, ByteString md5, Checksums checksums, List<EncodedChunk> journaled) {
    ended = true;
    List<Pin> kept = List.copyOf(cutter.pins());
    int cost = cutter.held();
    AtomicBoolean closed = new AtomicBoolean();
    Runnable onClose =
        () -> {
          if (closed.compareAndSet(false, true)) {
            kept.forEach(Pin::close);
            budget.release(cost);
          }
        };
    return new StoredBody(whole, md5, checksums, whole.getSize(), kept, journaled, onClose);
  }

  private NodeException incomplete(long actual) {
    String expected = "" + promise.length().orElse(-1);
    return new NodeException(
        ErrorReason.ERROR_REASON_INCOMPLETE_BODY,
        actual + " bytes came where " + expected + " were promised",
        Map.of("expected", expected, "actual", "" + actual));
  }

  private void mustBeOpen() {
    if (ended) {
      throw new IllegalStateException("the body was finished or given up");
    }
  }
}
