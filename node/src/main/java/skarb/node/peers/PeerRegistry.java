package skarb.node.peers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.WholeFile;
import skarb.node.model.SiteId;

/// The peers that this node dials, kept in the file `peers` of its data directory: this node's
/// alone, never sent to others. A change is durable before it is told to anybody.
///
/// Safe for any thread. Listeners are called outside of the lock, after each change, by the thread
/// that made it: they look at [#all] and find that change or a later one.
public final class PeerRegistry {
  /// The most peers that a node dials.
  public static final int MAX_PEERS = 64;

  private static final String FILE_NAME = "peers";

  private final Path file;
  private final SiteId self;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<Integer, PeerRecord> peers = new TreeMap<>();

  private PeerRegistry(Path file, SiteId self, List<PeerRecord> read) {
    this.file = file;
    this.self = self;
    read.forEach(each -> peers.put(each.site().value(), each));
  }

  /// Reads the file; where there is none, there are no peers.
  ///
  /// @param directory the data directory, held by this process
  /// @param self this site, which is nobody's peer
  /// @throws skarb.node.disk.CorruptFileException if it is damaged
  public static PeerRegistry open(Path directory, SiteId self) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    List<PeerRecord> read =
        Files.exists(file) ? PeersFormat.decode(Files.readAllBytes(file), file) : List.of();
    return new PeerRegistry(file, self, read);
  }

  /// All peers, in order of their names.
  public List<PeerRecord> all() {
    lock.lock();
    try {
      return peers.values().stream().sorted(Comparator.comparing(PeerRecord::name)).toList();
    } finally {
      lock.unlock();
    }
  }

  /// The peer of a site.
  public Optional<PeerRecord> find(SiteId site) {
    lock.lock();
    try {
      return Optional.ofNullable(peers.get(site.value()));
    } finally {
      lock.unlock();
    }
  }

  /// A peer by its site's id in hex, or by its name.
  public Optional<PeerRecord> find(String siteOrName) {
    return all().stream()
        .filter(each -> each.name().equals(siteOrName) || each.site().toString().equals(siteOrName))
        .findFirst();
  }

  /// Adds a peer, or puts it in the place of the one of that site.
  ///
  /// @throws IllegalArgumentException with one line for the user: this site itself, a name that
  ///   another peer has, or too many peers
  public void put(PeerRecord peer) {
    if (peer.site().equals(self)) {
      throw new IllegalArgumentException("site " + self + " is this one: it is no peer of itself");
    }
    change(peer.site(), before -> peer);
  }

  /// Forgets a peer.
  ///
  /// @return false where there is none of that site
  public boolean remove(SiteId site) {
    return change(site, before -> null);
  }

  /// Pauses the exchange with a peer, or takes it up again.
  ///
  /// @return the peer as it is now; empty where there is none of that site
  public Optional<PeerRecord> setPaused(SiteId site, boolean paused) {
    change(site, before -> before == null ? null : before.withPaused(paused));
    return find(site);
  }

  /// Calls a listener after each change from now on.
  public void subscribe(Runnable listener) {
    listeners.add(listener);
  }

  /// Calls it no more, once calls under way have returned.
  public void unsubscribe(Runnable listener) {
    listeners.remove(listener);
  }

  /// Writes what the peers would be, and only then lets them be it.
  ///
  /// @param change from the peer of the site, or null, to what it is to be, or null for none
  /// @return whether anything changed
  private boolean change(SiteId site, UnaryOperator<@Nullable PeerRecord> change) {
    lock.lock();
    try {
      PeerRecord before = peers.get(site.value());
      PeerRecord after = change.apply(before);
      if (Objects.equals(before, after)) {
        return false;
      }
      Map<Integer, PeerRecord> changed = new TreeMap<>(peers);
      if (after == null) {
        changed.remove(site.value());
      } else {
        changed.put(site.value(), after);
        check(changed, after);
      }
      WholeFile.write(file, PeersFormat.encode(changed.values()));
      peers.clear();
      peers.putAll(changed);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
    return true;
  }

  private static void check(Map<Integer, PeerRecord> changed, PeerRecord peer) {
    if (changed.size() > MAX_PEERS) {
      throw new IllegalArgumentException("a node has " + MAX_PEERS + " peers at most");
    }
    if (changed.values().stream()
        .anyMatch(each -> !each.site().equals(peer.site()) && each.name().equals(peer.name()))) {
      throw new IllegalArgumentException("another peer has the name " + peer.name());
    }
  }
}
