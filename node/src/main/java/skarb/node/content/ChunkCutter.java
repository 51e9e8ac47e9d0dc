package skarb.node.content;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.Manifest;

/// Cuts the bytes of one body into chunks and writes these.
///
/// A chunk in the making is the list of pieces as they came, admitted by the [BodyBudget] and
/// written by one gathering write. The chunk before it is written and hashed meanwhile; a chunk is
/// cut only when that one is done, so an upload holds at most two. Where the budget is used up, the
/// chunk is cut early: shorter chunks cost some deduplication, and nobody waits for memory that
/// others hold while they wait too.
///
/// One thread at a time; tasks of its own write and hash meanwhile.
final class ChunkCutter {
  private static final int MAX_PIECE_BYTES = 256 << 10;

  private final ContentConfig config;
  private final ChunkStore chunks;
  private final BodyBudget budget;
  private final Executor executor;
  private final DigestPipeline digests;
  private final ManifestBuilder manifest;
  private final int maxPieceBytes;
  private final List<Pin> pins = new ArrayList<>();

  /// The chunk in the making, and what it holds of the budget.
  private List<ByteBuffer> pieces = new ArrayList<>();

  private int chunkLength;
  private int held;

  /// The chunk before it, while it is written. It gives back what it holds by itself.
  private @Nullable CompletableFuture<Pin> underWay;

  /// @param digests gets the pieces, and names the chunks
  ChunkCutter(
      ContentConfig config,
      ChunkStore chunks,
      BodyBudget budget,
      Executor executor,
      DigestPipeline digests) {
    this.config = config;
    this.chunks = chunks;
    this.budget = budget;
    this.executor = executor;
    this.digests = digests;
    this.manifest = new ManifestBuilder(new StoredNodes(chunks, pins::add));
    this.maxPieceBytes =
        Math.min(MAX_PIECE_BYTES, Math.min(config.chunkBytes(), budget.mostAtOnce()));
  }

  /// Takes the next bytes. Blocks while the budget is used up or the disk is behind.
  void add(ByteBuffer bytes) throws InterruptedException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      int room = config.chunkBytes() - chunkLength;
      int length = Math.min(Math.min(maxPieceBytes, room), end - bytes.position());
      addPiece(bytes.slice(bytes.position(), length));
      bytes.position(bytes.position() + length);
    }
  }

  private void addPiece(ByteBuffer piece) throws InterruptedException {
    admit(BodyBudget.cost(piece.remaining()));
    pieces.add(piece);
    digests.update(piece);
    chunkLength += piece.remaining();
    if (chunkLength == config.chunkBytes()) {
      cut();
    }
  }

  private void admit(int cost) throws InterruptedException {
    if (chunkLength > 0) {
      if (budget.tryAcquire(cost)) {
        held += cost;
        return;
      }
      settle();
      if (budget.tryAcquire(cost)) {
        held += cost;
        return;
      }
      cut();
    }
    budget.acquire(cost);
    held += cost;
  }

  /// Ends the body: its last chunk is written, or, where it is small, encoded for the journal.
  ///
  /// @return the body itself, if it is to ride in the journal
  List<EncodedChunk> end() {
    boolean small =
        chunkLength > 0 && chunkLength == digests.size() && chunkLength <= config.journaledBytes();
    if (!small) {
      cut();
      settle();
      return List.of();
    }
    ChunkId id = digests.endChunk();
    EncodedChunk record = ChunkRecordFormat.encode(id, pieces);
    chunks.admitJournaled(record.recordLength());
    manifest.add(id, chunkLength);
    return List.of(record);
  }

  /// The manifest, once the body was ended. Its nodes are stored.
  Manifest manifest() {
    return manifest.build();
  }

  /// Pins on all chunks that are written, nodes included.
  List<Pin> pins() {
    return pins;
  }

  /// The bytes that are in memory still: all of a body that rides in the journal.
  List<ByteBuffer> pieces() {
    return pieces;
  }

  /// What is held of the budget still.
  int held() {
    return held;
  }

  /// Gives up: lets go of everything, now or when it is written.
  void abandon() {
    CompletableFuture<Pin> last = underWay;
    if (last != null) {
      // It may still be on its way to the disk; whenever it arrives, nobody wants it.
      var _ =
          last.whenComplete((pin, failure) -> {
            if (pin != null) {
              pin.close();
            }
          });
    }
    pins.forEach(Pin::close);
    budget.release(held);
    held = 0;
  }

  /// Ends the chunk in the making and begins to write it, once the one before it is written.
  private void cut() {
    if (chunkLength == 0) {
      return;
    }
    settle();
    ChunkId id = digests.endChunk();
    CompletableFuture<Void> hashed = digests.consumed();
    List<ByteBuffer> data = pieces;
    int length = chunkLength;
    int cost = held;
    pieces = new ArrayList<>();
    chunkLength = 0;
    held = 0;
    manifest.add(id, length);
    underWay =
        CompletableFuture.supplyAsync(() -> chunks.putIfAbsent(id, data, length), executor)
            .thenCombine(hashed, (pin, nothing) -> pin)
            .whenComplete((pin, failure) -> budget.release(cost));
  }

  /// Waits until the chunk before is written and hashed.
  private void settle() {
    CompletableFuture<Pin> last = underWay;
    if (last == null) {
      return;
    }
    underWay = null;
    try {
      pins.add(last.join());
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case NodeException refusal -> throw refusal;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }
}
