package skarb.node;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import skarb.node.access.AccessKeys;
import skarb.node.access.NodeBox;
import skarb.node.access.NodeSecrets;
import skarb.node.access.RealmKeyring;
import skarb.node.access.SealedFile;
import skarb.node.access.SecretBox;
import skarb.node.certs.SiteCertificates;
import skarb.node.commit.CommitConfig;
import skarb.node.commit.CommitPipeline;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.index.Catalog;
import skarb.node.index.Index;
import skarb.node.joining.ListenAddress;
import skarb.node.joining.LocalRealm;
import skarb.node.journal.FileJournal;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;
import skarb.node.oplog.RecentBatches;
import skarb.node.oplog.Replication;
import skarb.node.oplog.SiteIdentity;
import skarb.node.peers.PeerRegistry;
import skarb.node.recovery.ProgressLines;
import skarb.node.recovery.Recovery;
import skarb.node.segment.ChunkStore;

/// What of the node lies on disk, opened from the bottom upwards and recovered: chunks, journal,
/// index, and the committer on top of them.
final class Storage implements AutoCloseable {
  /// What of the journal's end stays in memory for peers that keep up with it.
  private static final int RECENT_BYTES = 4 << 20;

  /// How much is written on one look at the disk.
  private static final long DISK_CHECK_BYTES = 64L << 20;

  private final Deque<Closeable> open = new ArrayDeque<>();
  private final List<String> notes = new ArrayList<>();
  private final RandomGenerator random;
  private final DataDirectory data;
  private final NodeSecrets secrets;
  private final PeerRegistry peers;
  private final RealmKeyring keyring;
  private final SiteCertificates certificates;
  private final ChunkStore chunks;
  private final FileJournal journal;
  private final Index index;
  private final CommitPipeline commits;
  private final Replication replication;

  private interface Closeable {
    void close() throws IOException;
  }

  private Storage(NodeConfig config, Seams seams, Consumer<String> progress) throws IOException {
    random = seams.random();
    try {
      data =
          DataDirectory.open(
              config.data(), config.siteName(), seams.random(), Patience.standard(seams.timer()));
      open.push(data::close);
      if (data.isOpenToOthers()) {
        note(
            data.root() + " can be read by other users of this machine: chmod 700 keeps them out",
            progress);
      }
      StoreId store = StoreId.of(data.storeId());
      Path root = data.root();
      boolean isNew = !hasJournal(root);
      if (isNew) {
        mustBeNew(root);
      }
      secrets = NodeSecrets.open(root, isNew, seams.random());
      peers = PeerRegistry.open(root, data.identity().siteId());
      keyring = new RealmKeyring(root, secrets, seams.random());
      certificates =
          new SiteCertificates(
              root, secrets.nodeKey(), data.identity().siteId(), data.identity().siteName(), seams);
      open.push(certificates::close);
      DiskSpaceGuard space =
          new DiskSpaceGuard(
              root,
              config.storage().marginBytes(),
              DISK_CHECK_BYTES,
              Duration.ofSeconds(1),
              seams.nanoTime());
      chunks =
          ChunkStore.open(
              seams,
              config.storage().chunks(),
              store,
              folder("segments"),
              number -> journal().fileOf(number),
              space);
      open.push(chunks::close);
      chunks.findings().forEach(finding -> note(finding.toString(), progress));
      journal =
          FileJournal.open(
              folder("journal"), store, seams, config.storage().journal(), chunks::addPlace);
      open.push(journal::close);
      journal.recovery().notes().forEach(line -> note(line, progress));
      index = recoverIndex(config.storage().indexes(), store, seams, progress);
      open.push(index::close);
      RecentBatches recent = new RecentBatches(journal.lastBatch(), RECENT_BYTES);
      commits =
          new CommitPipeline(
              seams,
              CommitConfig.of(data.identity().siteId(), data.identity().siteName()),
              journal,
              index,
              chunks::addPlace,
              recent);
      open.push(commits::close);
      replication =
          new Replication(
              seams,
              new SiteIdentity(
                  data.identity().siteId(),
                  data.identity().siteName(),
                  ByteString.copyFrom(secrets.realmId()),
                  ByteString.copyFrom(data.storeId())),
              new Catalog(index),
              journal,
              recent,
              commits,
              chunks);
      open.push(replication::close);
    } catch (IOException | RuntimeException e) {
      closeAfter(e);
      throw e;
    }
  }

  /// Opens everything; what was opened is closed again where something fails.
  static Storage open(NodeConfig config, Seams seams, Consumer<String> progress)
      throws IOException {
    return new Storage(config, seams, progress);
  }

  private static boolean hasJournal(Path root) throws IOException {
    return holdsFiles(root.resolve("journal"));
  }

  private static boolean holdsFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      return files.iterator().hasNext();
    }
  }

  /// A store without a journal is new, or its journal was lost: a disk that was not mounted, a
  /// folder that was moved. Then nothing must be begun in its place, nor an index thrown away that
  /// may be all that is left of the rows.
  private static void mustBeNew(Path root) throws IOException {
    for (String name : List.of("segments", "index")) {
      if (holdsFiles(root.resolve(name))) {
        throw new DataDirectoryException(
            root
                + " has no journal, but files in '"
                + name
                + "': is its disk mounted? Bring the folder 'journal' back, from a backup if need be");
      }
    }
  }

  private Path folder(String name) throws IOException {
    Path folder = data.root().resolve(name);
    if (!Files.exists(folder)) {
      Files.createDirectory(folder);
      DirectorySync.force(data.root());
    }
    return folder;
  }

  private Index recoverIndex(
      StorageConfig.Indexes indexes, StoreId store, Seams seams, Consumer<String> progress)
      throws IOException {
    Recovery.IndexSource source = indexes.in(folder("index"), store, seams.threads());
    Recovery.Recovered recovered =
        new Recovery(journal, source, new ProgressLines(seams.nanoTime(), progress)).recover();
    recovered.notes().forEach(line -> note(line, progress));
    return recovered.index();
  }

  private void note(String line, Consumer<String> progress) {
    notes.add(line);
    progress.accept(line);
  }

  DataDirectory data() {
    return data;
  }

  NodeSecrets secrets() {
    return secrets;
  }

  PeerRegistry peers() {
    return peers;
  }

  RealmKeyring keyring() {
    return keyring;
  }

  /// What of the realm lies here.
  LocalRealm realm(AccessKeys keys, SecretBox box) {
    return new LocalRealm(
        certificates,
        keyring,
        replication,
        new Catalog(index),
        commits,
        keys,
        box,
        peers,
        new ListenAddress());
  }

  /// A file of secrets in the data directory, sealed for this node alone.
  SealedFile sealed(String name, int magic) {
    return new SealedFile(
        data.root().resolve(name), magic, new NodeBox(secrets.nodeKey(), "skarb/" + name, random));
  }

  SiteCertificates certificates() {
    return certificates;
  }

  ChunkStore chunks() {
    return chunks;
  }

  FileJournal journal() {
    return journal;
  }

  Index index() {
    return index;
  }

  CommitPipeline commits() {
    return commits;
  }

  Replication replication() {
    return replication;
  }

  /// What recovery found and mended.
  List<String> notes() {
    return List.copyOf(notes);
  }

  private void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /// Closes everything in reverse, whatever fails on the way. Idempotent.
  @Override
  public void close() throws IOException {
    IOException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException | RuntimeException e) {
        if (failure == null) {
          failure = new IOException("the store did not close cleanly: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
