package skarb.node.oplog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skarb.node.index.Catalog;
import skarb.node.index.PendingEntry;
import skarb.node.index.WantedBodies;
import skarb.node.model.Hlc;
import skarb.node.model.SiteId;
import skarb.v1.Manifest;
import skarb.v1.PendingReason;
import skarb.v1.SiteProgress;

/// How far this site is, at one moment: what it has logged, and what of that does not act yet or
/// lacks its bytes. What is logged is read first, so bytes of all that is claimed are counted.
///
/// @param logged origin to what is logged and durable
/// @param wantedBodies entries whose bytes are not wholly here, up to [#MOST]
/// @param wantedBytes the bytes of their bodies; one that is here in part counts whole
/// @param wantedMore whether there are more
/// @param wantedSince the lowest stamp among them; zero where there are none
/// @param pending entries that cannot act yet, up to [#MOST]
/// @param pendingMore whether there are more
/// @param pendingByReason the same by reason
/// @param pendingBySite the same by the site that wrote them
public record Backlog(
    VersionVector logged,
    long wantedBodies,
    long wantedBytes,
    boolean wantedMore,
    Hlc wantedSince,
    long pending,
    boolean pendingMore,
    Map<PendingReason, Long> pendingByReason,
    Map<SiteId, Long> pendingBySite) {
  /// The most that is counted of either.
  public static final int MOST = 10_000;

  private static final int STEP = 256;

  public Backlog {
    pendingByReason = Collections.unmodifiableMap(new TreeMap<>(pendingByReason));
    pendingBySite = Map.copyOf(pendingBySite); // looked up, never gone through
  }

  /// Reads it from the rows.
  static Backlog read(Catalog catalog) {
    VersionVector logged = Vectors.logged(catalog);
    List<WantedBodies> wanted = new ArrayList<>();
    List<WantedBodies> page = catalog.wanted(null, STEP);
    while (!page.isEmpty() && wanted.size() < MOST) {
      wanted.addAll(page);
      page = catalog.wanted(page.getLast().dot(), STEP);
    }
    Map<PendingReason, Long> byReason = new EnumMap<>(PendingReason.class);
    Map<SiteId, Long> bySite = new HashMap<>();
    long pending = 0;
    List<PendingEntry> entries = catalog.pending(null, STEP);
    while (!entries.isEmpty() && pending < MOST) {
      for (PendingEntry each : entries) {
        pending++;
        byReason.merge(each.row().getReason(), 1L, Long::sum);
        bySite.merge(each.dot().origin().site(), 1L, Long::sum);
      }
      entries = catalog.pending(entries.getLast().dot(), STEP);
    }
    return new Backlog(
        logged,
        wanted.size(),
        wanted.stream().mapToLong(Backlog::bytes).sum(),
        !page.isEmpty(),
        wanted.stream()
            .map(each -> new Hlc(each.row().getHlc()))
            .min(Hlc::compareTo)
            .orElse(Hlc.ZERO),
        pending,
        !entries.isEmpty(),
        byReason,
        bySite);
  }

  private static long bytes(WantedBodies wanted) {
    return wanted.row().getManifestsList().stream().mapToLong(Manifest::getSize).sum();
  }

  /// As other sites are told it.
  SiteProgress toProto() {
    return SiteProgress.newBuilder()
        .setLogged(logged.toProto())
        .setWantedBodies(wantedBodies)
        .setWantedBytes(wantedBytes)
        .setWantedMore(wantedMore)
        .setWantedSince(wantedSince.value())
        .setPending(pending)
        .build();
  }
}
