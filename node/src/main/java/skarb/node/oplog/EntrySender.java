package skarb.node.oplog;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Bodies;
import skarb.node.index.LoggedEntry;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.SyncEntries;
import skarb.v1.SyncEntry;
import skarb.v1.SyncPosition;

/// Turns the journal into messages for one peer: entries that it lacks, in the order of the
/// journal, with the small contents that they name. Of one thread.
final class EntrySender {
  private static final int MAX_ENTRIES = 256;
  private static final int MAX_BYTES = 512 << 10;
  private static final int MAX_CONTENT_BYTES = 32 << 10;

  /// A peer hears of a position this many batches on even if it lacks nothing of them.
  private static final int POSITION_EVERY = 1_024;

  private final JournalTail tail;
  private final ChunkStore chunks;
  private final SiteId site;
  private final PeerVector peer;
  private final ByteString store;
  private final ArrayDeque<LoggedEntry> waiting = new ArrayDeque<>();
  private long readUpTo;
  private long told;

  EntrySender(JournalTail tail, ChunkStore chunks, SiteId site, PeerVector peer, ByteString store) {
    this.tail = tail;
    this.chunks = chunks;
    this.site = site;
    this.peer = peer;
    this.store = store;
  }

  /// The next message, or null where there is nothing to send yet.
  @Nullable SyncEntries poll() {
    SyncEntries.Builder message = SyncEntries.newBuilder();
    long bytes = 0;
    while (message.getEntriesCount() < MAX_ENTRIES && bytes < MAX_BYTES) {
      LoggedEntry entry = next();
      if (entry == null) {
        break;
      }
      SyncEntry sent = withContents(entry);
      message.addEntries(sent);
      bytes += sent.getSerializedSize();
    }
    if (message.getEntriesCount() == 0 && readUpTo - told < POSITION_EVERY) {
      return null;
    }
    // A batch that is sent in part is not told: after a cut it is read again from its beginning.
    told = waiting.isEmpty() ? readUpTo : readUpTo - 1;
    return message.setPosition(SyncPosition.newBuilder().setStore(store).setBatch(told)).build();
  }

  private @Nullable LoggedEntry next() {
    while (waiting.isEmpty()) {
      JournalTail.Batch batch = tail.poll();
      if (batch == null) {
        return null;
      }
      readUpTo = batch.number();
      for (LoggedEntry entry : batch.entries()) {
        if (!isOfPeer(entry) && peer.add(entry.dot())) {
          waiting.add(entry);
        }
      }
    }
    return waiting.poll();
  }

  /// What the peer wrote itself it has, by whichever way it came here; else it was put back to an
  /// earlier state, which is refused before anything is sent.
  private boolean isOfPeer(LoggedEntry entry) {
    return entry.dot().origin().site().equals(site);
  }

  private SyncEntry withContents(LoggedEntry entry) {
    SyncEntry.Builder sent = SyncEntry.newBuilder().setEntry(entry.bytes());
    List<Manifest> manifests = Bodies.of(entry.entry()).getManifestsList();
    for (Manifest manifest : manifests) {
      if (manifest.getChunksCount() == 1) {
        small(manifest.getChunks(0)).ifPresent(sent::addChunks);
      }
    }
    return sent.build();
  }

  /// A small content, if it is here whole; else the peer fetches it, from us or from others.
  private Optional<ByteString> small(ChunkReference reference) {
    ChunkId id = ChunkId.of(reference.getChunk());
    Optional<Pin> found = chunks.pin(id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Pin pin = found.get()) {
      if (pin.length() > MAX_CONTENT_BYTES) {
        return Optional.empty();
      }
      return Optional.of(chunks.readAll(id, pin.length()));
    } catch (NodeException damaged) {
      return Optional.empty();
    }
  }
}
