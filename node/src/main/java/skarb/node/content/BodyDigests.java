package skarb.node.content;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import skarb.node.model.FrameBytes;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.segment.ChunkStore;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.Manifest;

/// Reads stored bodies for their checksums alone: a copy of a multipart object into a single one,
/// or of a range, has other digests than its source, though it shares every byte.
///
/// The bytes that are read and not yet hashed are admitted by the [BodyBudget], some 2 MiB a body:
/// reading is faster than MD5, and waits for it. Threads: any; hashing runs as tasks.
public final class BodyDigests {
  private static final int WINDOW_BYTES = 1 << 20;

  private final Executor executor;
  private final ContentConfig config;
  private final BodyReader reader;
  private final BodyBudget budget;

  public BodyDigests(Seams seams, ContentConfig config, ChunkStore chunks, BodyBudget budget) {
    this.executor = seams.executor();
    this.config = config;
    this.reader = new BodyReader(chunks);
    this.budget = budget;
  }

  /// Reads a body through.
  ///
  /// @param algorithms the checksums to compute beside MD5; unspecified ones are left out
  /// @return size, MD5, and exactly these checksums
  /// @throws NodeException DATA_DAMAGED if the body cannot be read whole
  /// @throws InterruptedException while waiting for the budget
  public PartDigest compute(Manifest manifest, Collection<ChecksumAlgorithm> algorithms)
      throws InterruptedException {
    Set<BodyChecksum> stored = EnumSet.noneOf(BodyChecksum.class);
    algorithms.forEach(algorithm -> BodyChecksum.of(algorithm).ifPresent(stored::add));
    Set<BodyChecksum> wanted = EnumSet.copyOf(stored);
    wanted.add(BodyChecksum.MD5);
    int window = Math.min(WINDOW_BYTES, budget.mostAtOnce() / 2);
    int cost = BodyBudget.cost((int) Math.min(manifest.getSize(), 2L * window));
    budget.acquire(cost);
    Map<BodyChecksum, ByteString> values;
    try {
      values = new Reading(wanted, window).read(manifest);
    } finally {
      budget.release(cost);
    }
    Checksums.Builder checksums = Checksums.newBuilder();
    for (BodyChecksum kind : stored) {
      kind.set(checksums, kind.in(values));
    }
    return new PartDigest(manifest.getSize(), BodyChecksum.MD5.in(values), checksums.build());
  }

  /// One body. While a window is hashed the next is read.
  private final class Reading {
    private final DigestPipeline digests;
    private final int window;
    private int inWindow;
    private CompletableFuture<Void> before = CompletableFuture.completedFuture(null);

    Reading(Set<BodyChecksum> wanted, int window) {
      this.digests = DigestPipeline.ofStored(wanted, executor, config.parallelBytes());
      this.window = window;
    }

    Map<BodyChecksum, ByteString> read(Manifest manifest) {
      try {
        reader.read(manifest, 0, manifest.getSize(), (frame, crc32c) -> add(frame));
      } catch (Throwable t) {
        digests.consumed().join(); // the budget is given back next
        throw t;
      }
      return digests.finish();
    }

    private void add(ByteString frame) {
      for (ByteBuffer bytes : FrameBytes.of(frame)) {
        digests.update(bytes);
      }
      inWindow += frame.size();
      if (inWindow >= window) {
        before.join();
        before = digests.consumed();
        inWindow = 0;
      }
    }
  }
}
