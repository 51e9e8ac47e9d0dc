package skarb.node.oplog;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.Bodies;
import skarb.node.index.EntryRejectedException;
import skarb.node.index.Join;
import skarb.node.index.LoggedEntry;
import skarb.node.model.ChunkId;
import skarb.node.model.EntryDot;
import skarb.node.model.FrameBytes;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;
import skarb.v1.SyncEntries;
import skarb.v1.SyncEntry;
import skarb.v1.SyncPosition;

/// Logs the entries of a message as they came. When [#receive] returns they are durable. Of one
/// thread.
final class EntryReceiver {
  /// The longest entry: what is said about objects is bounded well below it.
  static final int MAX_ENTRY_BYTES = 1 << 20;

  private final ChunkStore chunks;
  private final CommitPipeline commits;
  private final BodyPresence presence;

  EntryReceiver(ChunkStore chunks, CommitPipeline commits, BodyPresence presence) {
    this.chunks = chunks;
    this.commits = commits;
    this.presence = presence;
  }

  /// @throws NodeException SYNC_REFUSED for what is no entry, SYNC_GAP, SYNC_FORK, and as commits
  ///   do
  ///
  /// @param has told of each entry before it is logged: the sender has it
  void receive(SyncEntries message, Consumer<EntryDot> has) {
    Group group = new Group(has);
    for (SyncEntry each : message.getEntriesList()) {
      if (!group.add(each)) {
        group.commit(Optional.empty());
        group = new Group(has);
        if (!group.add(each)) {
          throw refused("an entry with more content than goes along");
        }
      }
    }
    group.commit(Optional.of(message.getPosition()));
  }

  private static NodeException refused(String what) {
    return new NodeException(ErrorReason.ERROR_REASON_SYNC_REFUSED, what, Map.of("what", what));
  }

  /// Entries that are committed together.
  private final class Group {
    private final List<Mutation.ReceivedEntry> entries = new ArrayList<>();
    private final Map<ChunkId, EncodedChunk> along = new LinkedHashMap<>();
    private final List<Pin> pins = new ArrayList<>();
    private final Consumer<EntryDot> has;
    private long bytes;

    Group(Consumer<EntryDot> has) {
      this.has = has;
    }

    /// @return false, and nothing added, where its contents have no room
    boolean add(SyncEntry received) {
      if (received.getEntry().size() > MAX_ENTRY_BYTES) {
        throw refused("an entry of " + received.getEntry().size() + " bytes");
      }
      Map<ChunkId, EncodedChunk> own = new LinkedHashMap<>();
      long size = 0;
      for (ByteString content : received.getChunksList()) {
        if (content.isEmpty()) {
          throw refused("an empty chunk");
        }
        List<ByteBuffer> data = FrameBytes.of(content);
        ChunkId id = ChunkId.ofContent(data);
        if (!along.containsKey(id)) {
          EncodedChunk encoded = ChunkRecordFormat.encode(id, data);
          own.put(id, encoded);
          size += encoded.recordLength();
        }
      }
      if (bytes + size > Submission.MAX_BODY_BYTES) {
        return false;
      }
      LoggedEntry entry = parse(received.getEntry());
      has.accept(entry.dot());
      bytes += size;
      along.putAll(own);
      entries.add(new Mutation.ReceivedEntry(entry, lacksBodies(entry)));
      return true;
    }

    /// Of an entry that cannot act nothing is looked at: what it names may be no chunks at all.
    /// Whether its bodies are here is asked when it is let act.
    private boolean lacksBodies(LoggedEntry entry) {
      if (Join.unfit(entry).isPresent()) {
        return false;
      }
      List<Manifest> manifests = Bodies.of(entry.entry()).getManifestsList();
      Optional<List<Pin>> pinned = presence.pinAll(manifests, along.keySet());
      pinned.ifPresent(pins::addAll);
      return pinned.isEmpty();
    }

    private LoggedEntry parse(ByteString bytes) {
      try {
        LoggedEntry entry = LoggedEntry.parse(bytes);
        entry.dot();
        return entry;
      } catch (EntryRejectedException e) {
        throw refused("what is no entry: " + e.getMessage());
      }
    }

    /// @param position up to where the sender's journal is logged then; empty within a message
    void commit(Optional<SyncPosition> position) {
      if (entries.isEmpty() && position.isEmpty()) {
        return;
      }
      boolean submitted = false;
      try {
        chunks.force(pins);
        along.values().forEach(chunk -> chunks.admitJournaled(chunk.recordLength()));
        Submission submission =
            new Submission(
                new Mutation.LogEntries(entries, position),
                Optional.empty(),
                List.copyOf(along.values()),
                () -> pins.forEach(Pin::close));
        submitted = true;
        commits.commitFromPeer(submission);
      } finally {
        if (!submitted) {
          pins.forEach(Pin::close);
        }
      }
    }
  }
}
