package skarb.node.oplog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.Catalog;
import skarb.node.index.WantedBodies;
import skarb.node.model.ChunkId;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// Which chunks of wanted bodies are not here. Whoever asks also brings it about that bodies which
/// are whole by now, and those that no row holds any more, are noted as such. Safe for any thread;
/// each call looks anew.
public final class MissingChunks {
  private static final int STEP = 64;

  /// As many as readers follow.
  private static final int MAX_LEVELS = 8;

  private final Catalog catalog;
  private final ChunkStore chunks;
  private final CommitPipeline commits;
  private final BodyArrivals arrivals;
  private final RecentBatches recent;
  private final Seams seams;

  MissingChunks(
      Seams seams,
      RecentBatches recent,
      Catalog catalog,
      ChunkStore chunks,
      CommitPipeline commits,
      BodyArrivals arrivals) {
    this.catalog = catalog;
    this.chunks = chunks;
    this.commits = commits;
    this.arrivals = arrivals;
    this.recent = recent;
    this.seams = seams;
  }

  /// Chunks that are not here, as [#find] gives them; where there are none, waits for some.
  ///
  /// @param patience how long
  public List<ChunkId> await(int limit, Set<ChunkId> except, Duration patience) {
    List<ChunkId> found = find(limit, except);
    if (!found.isEmpty() || patience.isZero()) {
      return found;
    }
    Bell bell = new Bell();
    recent.subscribe(bell);
    ScheduledFuture<?> alarm =
        seams.timer().schedule(bell::expire, patience.toNanos(), TimeUnit.NANOSECONDS);
    try {
      do {
        found = find(limit, except);
      } while (found.isEmpty() && bell.await());
      return found;
    } finally {
      alarm.cancel(false);
      recent.unsubscribe(bell);
    }
  }

  /// Chunks that are not here, in order of the entries that name them.
  ///
  /// @param limit the most
  /// @param except to leave out
  public List<ChunkId> find(int limit, Set<ChunkId> except) {
    LinkedHashSet<ChunkId> missing = new LinkedHashSet<>();
    if (!catalog.everHadSecondSite()) {
      return List.of();
    }
    EntryDot after = null;
    while (missing.size() < limit) {
      List<WantedBodies> page = catalog.wanted(after, STEP);
      if (page.isEmpty()) {
        break;
      }
      after = page.getLast().dot();
      List<EntryDot> whole = new ArrayList<>();
      for (WantedBodies wanted : page) {
        if (!catalog.isNeeded(wanted)
            || (missing.size() < limit && !collect(wanted, limit, except, missing))) {
          whole.add(wanted.dot());
        }
      }
      note(whole);
    }
    return List.copyOf(missing);
  }

  private void note(List<EntryDot> whole) {
    if (!whole.isEmpty()) {
      commits.commitFromPeer(Submission.of(new Mutation.NoteBodies(whole), Optional.empty()));
      arrivals.changed();
    }
  }

  /// @return whether something of it is missing, or not durable
  private boolean collect(
      WantedBodies wanted, int limit, Set<ChunkId> except, Set<ChunkId> missing) {
    boolean lacks = false;
    for (Manifest manifest : wanted.row().getManifestsList()) {
      lacks |= collectReferences(manifest.getChunksList(), limit, except, missing);
      lacks |= collectNodes(manifest.getNodesList(), MAX_LEVELS, limit, except, missing);
    }
    return lacks;
  }

  /// What is no tree, though its bytes are as they were sent, stays wanted, so that nobody is
  /// served it; and others are looked at all the same.
  private boolean collectNodes(
      List<ManifestNodeReference> nodes,
      int levels,
      int limit,
      Set<ChunkId> except,
      Set<ChunkId> missing) {
    boolean lacks = levels == 0 && !nodes.isEmpty();
    if (lacks) {
      return true;
    }
    for (ManifestNodeReference reference : nodes) {
      ChunkId id = ChunkId.of(reference.getChunk());
      if (lacks(id, limit, except, missing)) {
        lacks = true;
      } else {
        Optional<ManifestNode> node = node(id);
        if (node.isEmpty()) {
          return true;
        }
        lacks |= collectReferences(node.get().getChunksList(), limit, except, missing);
        lacks |= collectNodes(node.get().getNodesList(), levels - 1, limit, except, missing);
      }
    }
    return lacks;
  }

  private boolean collectReferences(
      List<ChunkReference> references, int limit, Set<ChunkId> except, Set<ChunkId> missing) {
    boolean lacks = false;
    for (ChunkReference reference : references) {
      lacks |= lacks(ChunkId.of(reference.getChunk()), limit, except, missing);
    }
    return lacks;
  }

  private boolean lacks(ChunkId id, int limit, Set<ChunkId> except, Set<ChunkId> missing) {
    Optional<Pin> pin = chunks.pin(id);
    if (pin.isPresent()) {
      try (Pin held = pin.get()) {
        chunks.force(List.of(held));
      }
      return false;
    }
    if (!except.contains(id) && missing.size() < limit) {
      missing.add(id);
    }
    return true;
  }

  /// A node of a tree; empty for what is none.
  private Optional<ManifestNode> node(ChunkId id) {
    Optional<Pin> found = chunks.pin(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Pin pin = found.get()) {
      ManifestNode node = ManifestNode.parseFrom(chunks.readAll(id, pin.length()));
      boolean named =
          node.getChunksList().stream().allMatch(each -> isName(each.getChunk()))
              && node.getNodesList().stream().allMatch(each -> isName(each.getChunk()));
      return named ? Optional.of(node) : Optional.empty();
    } catch (InvalidProtocolBufferException | NodeException e) {
      return Optional.empty();
    }
  }

  private static boolean isName(ByteString chunk) {
    return chunk.size() == ChunkId.BYTES;
  }

  /// Of some chunks those that are not here.
  public List<ChunkId> among(List<ChunkId> asked) {
    List<ChunkId> absent = new ArrayList<>();
    for (ChunkId id : asked) {
      Optional<Pin> pin = chunks.pin(id);
      pin.ifPresentOrElse(Pin::close, () -> absent.add(id));
    }
    return absent;
  }
}
