package skarb.node.index;

import skarb.v1.Body;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.WantedRow;

/// The bodies that an entry names.
public final class Bodies {
  private Bodies() {}

  /// All contents that an entry names, so that whoever logs it can see which are not here.
  public static WantedRow of(Entry entry) {
    WantedRow.Builder wanted = WantedRow.newBuilder();
    for (Effect effect : entry.getEffectsList()) {
      add(wanted, effect.getNullSet().getValue().getBody());
      add(wanted, effect.getVersionSet().getValue().getBody());
      add(wanted, effect.getConflictKept().getBody());
    }
    return wanted.build();
  }

  private static void add(WantedRow.Builder wanted, Body body) {
    if (body.getManifest().getSize() > 0) {
      wanted.addManifests(body.getManifest());
    }
    if (body.getPartListContent().getSize() > 0) {
      wanted.addManifests(body.getPartListContent());
    }
  }
}
