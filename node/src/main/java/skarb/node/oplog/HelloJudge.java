package skarb.node.oplog;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import skarb.node.index.Catalog;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.v1.Dot;
import skarb.v1.ErrorReason;
import skarb.v1.LoggedOrigin;
import skarb.v1.MemberValue;
import skarb.v1.OriginHead;
import skarb.v1.SyncHello;

/// Judges whether another site's hello fits: whether the two may exchange entries at all. Holds
/// nothing.
final class HelloJudge {
  static final int VERSION = 1;

  private final SiteIdentity self;
  private final Catalog catalog;
  private final Matrix matrix;
  private final RollbackWatch rollbacks;

  HelloJudge(SiteIdentity self, Catalog catalog, Matrix matrix, RollbackWatch rollbacks) {
    this.self = self;
    this.catalog = catalog;
    this.matrix = matrix;
    this.rollbacks = rollbacks;
  }

  /// @return what the other has logged
  /// @throws NodeException SYNC_REFUSED, SYNC_FORK or SYNC_ROLLED_BACK; SYNC_GAP where it may be
  ///   that the hello was overtaken by its site's own news, which the next one shows
  VersionVector judge(SyncHello hello) {
    SiteId other = new SiteId(hello.getSite());
    if (hello.getVersion() != VERSION) {
      throw refused("version " + hello.getVersion() + " of the protocol");
    }
    if (!hello.getRealm().equals(self.realm())) {
      throw refused("another realm");
    }
    if (other.equals(self.site())) {
      throw refused("a site with this site's own id");
    }
    mustBeMember(self.site(), "this site");
    mustBeMember(other, "the other site");
    TreeMap<OriginId, Long> logged = new TreeMap<>();
    for (LoggedOrigin origin : hello.getLoggedList()) {
      checkFork(origin);
      logged.put(new OriginId(origin.getLast().getOrigin()), origin.getLast().getSequence());
    }
    VersionVector theirs = new VersionVector(logged);
    checkRollback(other, theirs);
    return theirs;
  }

  private void mustBeMember(SiteId site, String who) {
    Optional<MemberValue> member = catalog.member(site);
    if (member.isEmpty() || member.get().getLeft()) {
      throw refused(who + " is not a member of the realm");
    }
  }

  private void checkFork(LoggedOrigin theirs) {
    Dot last = theirs.getLast();
    Optional<OriginHead> ours = catalog.head(new OriginId(last.getOrigin()));
    if (ours.isPresent()
        && ours.get().getSequence() == last.getSequence()
        && !ours.get().getHash().equals(theirs.getHash())) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_SYNC_FORK,
          "two histories of origin " + new OriginId(last.getOrigin()),
          Map.of(
              "origin", new OriginId(last.getOrigin()).toString(),
              "sequence", Long.toString(last.getSequence())));
    }
  }

  /// A site whose vector is below what others know of it, or that lacks entries of its own, was put
  /// back to an earlier state.
  private void checkRollback(SiteId other, VersionVector theirs) {
    Optional<EntryDot> lacking = lacking(other, theirs);
    if (lacking.isEmpty()) {
      rollbacks.fits(other);
    } else if (rollbacks.lacks(other, lacking.get(), theirs)) {
      throw rolledBack(other, lacking.get());
    } else {
      throw overtaken(lacking.get());
    }
  }

  private Optional<EntryDot> lacking(SiteId other, VersionVector theirs) {
    Stream<EntryDot> own =
        catalog.heads().entrySet().stream()
            .filter(head -> head.getKey().site().equals(other))
            .map(head -> new EntryDot(head.getKey(), head.getValue().getSequence()));
    Stream<EntryDot> known =
        matrix.of(other).components().entrySet().stream()
            .map(each -> new EntryDot(each.getKey(), each.getValue()));
    return Stream.concat(own, known).filter(dot -> !theirs.covers(dot)).findFirst();
  }

  private static NodeException overtaken(EntryDot lacks) {
    return new NodeException(
        ErrorReason.ERROR_REASON_SYNC_GAP,
        "a hello that lacks entry " + lacks + ", which its site had: the next one shows why",
        Map.of(
            "origin", lacks.origin().toString(),
            "sequence", Long.toString(lacks.sequence()),
            "logged", Long.toString(lacks.sequence())));
  }

  private static NodeException rolledBack(SiteId site, EntryDot lacks) {
    return new NodeException(
        ErrorReason.ERROR_REASON_SYNC_ROLLED_BACK,
        "site " + site + " lacks entry " + lacks + ", which it had: its disk was put back",
        Map.of(
            "site", site.toString(),
            "origin", lacks.origin().toString(),
            "sequence", Long.toString(lacks.sequence())));
  }

  static NodeException refused(String what) {
    return new NodeException(ErrorReason.ERROR_REASON_SYNC_REFUSED, what, Map.of("what", what));
  }
}
