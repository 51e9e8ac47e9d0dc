package skarb.cli.wiring;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.model.SiteId;
import skarb.node.peers.LinkStatus;
import skarb.node.peers.LinkStatuses;
import skarb.node.peers.PeerRecord;
import skarb.node.peers.PeerRegistry;
import skarb.sync.Peer;
import skarb.sync.PeerStatus;
import skarb.sync.PeerSync;
import skarb.sync.SyncSeams;

/// The exchanges with all peers that this node dials: one for each that is registered and not
/// paused, begun and ended as the registry changes. A change of a peer's record ends its exchange
/// and begins another.
///
/// Safe for any thread. A change of the registry returns once the exchanges that it ends have
/// ended.
public final class PeerLinks implements AutoCloseable, LinkStatuses {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLinks.class);

  private final SyncSeams seams;
  private final PeerRegistry registry;
  private final Channel local;
  private final PeerChannels channels;
  private final Runnable listener = this::follow;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<SiteId, Link> links = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  /// @param local to the node of this site, as an operator
  public PeerLinks(SyncSeams seams, PeerRegistry registry, Channel local, PeerChannels channels) {
    this.seams = seams;
    this.registry = registry;
    this.local = local;
    this.channels = channels;
  }

  /// An exchange, or why there is none.
  private sealed interface Link {
    PeerRecord peer();

    LinkStatus status();

    void close();
  }

  private record Running(PeerRecord peer, ManagedChannel channel, PeerSync sync) implements Link {
    @Override
    public LinkStatus status() {
      PeerStatus status = sync.status();
      LinkStatus.State state =
          switch (status.state()) {
            case CONNECTING -> LinkStatus.State.CONNECTING;
            case LIVE -> LinkStatus.State.LIVE;
            case BACKING_OFF -> LinkStatus.State.BACKING_OFF;
            case REFUSED -> LinkStatus.State.REFUSED;
            case STOPPED -> LinkStatus.State.STOPPED;
          };
      return new LinkStatus(
          state,
          status.attempts(),
          status.lastContactMillis(),
          status.lastError(),
          status.moved().entriesSent(),
          status.moved().entriesReceived(),
          status.moved().bytesSent(),
          status.moved().bytesReceived());
    }

    @Override
    public void close() {
      sync.close();
      channel.shutdownNow();
    }
  }

  private record Failed(PeerRecord peer, String why) implements Link {
    @Override
    public LinkStatus status() {
      return new LinkStatus(LinkStatus.State.REFUSED, 1, 0, why, 0, 0, 0, 0);
    }

    @Override
    public void close() {}
  }

  /// Begins the exchanges that there are to be, and follows the registry from now on.
  public void start() {
    registry.subscribe(listener);
    follow();
  }

  @Override
  public Optional<LinkStatus> of(SiteId site) {
    lock.lock();
    try {
      return Optional.ofNullable(links.get(site)).map(Link::status);
    } finally {
      lock.unlock();
    }
  }

  private void follow() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      Map<SiteId, PeerRecord> wanted = new HashMap<>();
      for (PeerRecord peer : registry.all()) {
        if (!peer.paused()) {
          wanted.put(peer.site(), peer);
        }
      }
      for (Link link : List.copyOf(links.values())) {
        if (!link.peer().equals(wanted.get(link.peer().site()))) {
          links.remove(link.peer().site());
          link.close();
        }
      }
      for (PeerRecord peer : wanted.values()) {
        links.computeIfAbsent(peer.site(), site -> begin(peer));
      }
    } finally {
      lock.unlock();
    }
  }

  private Link begin(PeerRecord peer) {
    ManagedChannel channel;
    try {
      channel = channels.open(peer.address(), peer.site());
    } catch (IOException | RuntimeException e) {
      LOG.warn("no exchange with {}: {}", peer.name(), e.getMessage());
      return new Failed(peer, String.valueOf(e.getMessage()));
    }
    PeerSync sync =
        new PeerSync(
            seams,
            local,
            new Peer(peer.name(), channel, peer.bytesPerSecond(), channel::enterIdle));
    sync.start();
    return new Running(peer, channel, sync);
  }

  /// Ends all exchanges and waits for their threads. Idempotent.
  @Override
  public void close() {
    registry.unsubscribe(listener);
    List<Link> running;
    lock.lock();
    try {
      closed = true;
      running = new ArrayList<>(links.values());
      links.clear();
    } finally {
      lock.unlock();
    }
    running.forEach(Link::close);
  }
}
