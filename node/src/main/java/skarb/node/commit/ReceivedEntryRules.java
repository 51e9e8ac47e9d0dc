package skarb.node.commit;

import java.util.List;
import java.util.Optional;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.Join;
import skarb.node.index.LoggedEntry;
import skarb.node.model.Hlc;
import skarb.v1.Effect;
import skarb.v1.OriginHead;
import skarb.v1.PendingReason;

/// What must hold of an entry that another site sent before it may act. One of which it does not is
/// logged and passed on all the same, and is pending: others flow past it.
///
/// | what | else |
/// | --- | --- |
/// | all of it is known to this release, and its effects make sense | UNKNOWN, MALFORMED |
/// | its stamp is above that of the entry before it of its origin: no two entries share an order | MALFORMED |
/// | an origin begins with its birth, at the site whose id it bears, and is born once | MALFORMED |
///
/// That its stamp is not too far ahead is for whoever knows the time. Whose site it is of is not
/// asked: only members are spoken with, and what a member passes on it could have written itself,
/// so an entry of a site that is unknown here, or has left, can do no more than one of its own.
final class ReceivedEntryRules {
  private ReceivedEntryRules() {}

  /// Why an entry that is about to be logged cannot act; empty where it can.
  static Optional<PendingReason> unfit(IndexView rows, LoggedEntry entry) {
    OriginHead head =
        new Catalog(rows).head(entry.dot().origin()).orElse(OriginHead.getDefaultInstance());
    boolean rises = entry.order().hlc().compareTo(new Hlc(head.getHlc())) > 0;
    return rises && isBornOnce(entry)
        ? Join.unfit(entry)
        : Optional.of(PendingReason.PENDING_REASON_MALFORMED);
  }

  private static boolean isBornOnce(LoggedEntry entry) {
    List<Effect> effects = entry.entry().getEffectsList();
    boolean born = effects.stream().anyMatch(Effect::hasOriginBorn);
    if (entry.dot().sequence() > 1) {
      return !born;
    }
    return born
        && effects.stream()
            .filter(Effect::hasOriginBorn)
            .allMatch(
                each -> each.getOriginBorn().getSite() == entry.dot().origin().site().value());
  }
}
