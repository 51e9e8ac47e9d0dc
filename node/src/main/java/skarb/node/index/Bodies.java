package skarb.node.index;

import com.google.protobuf.ByteString;
import skarb.v1.Body;
import skarb.v1.ConflictKept;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.NullSet;
import skarb.v1.VersionSet;
import skarb.v1.VersionStamp;
import skarb.v1.WantedPlace;
import skarb.v1.WantedRow;

/// The bodies that an entry names.
public final class Bodies {
  private Bodies() {}

  /// All contents that an entry names, so that whoever logs it can see which are not here, and
  /// where it put them.
  public static WantedRow of(Entry entry) {
    WantedRow.Builder wanted = WantedRow.newBuilder();
    VersionStamp own =
        VersionStamp.newBuilder()
            .setHlc(entry.getHeader().getHlc())
            .setOrigin(entry.getHeader().getDot().getOrigin())
            .build();
    for (Effect effect : entry.getEffectsList()) {
      NullSet nullSet = effect.getNullSet();
      add(wanted, nullSet.getValue().getBody(), nullSet.getBucket(), nullSet.getKey(), own);
      VersionSet set = effect.getVersionSet();
      add(wanted, set.getValue().getBody(), set.getBucket(), set.getKey(), set.getVersion());
      ConflictKept kept = effect.getConflictKept();
      add(wanted, kept.getBody(), kept.getBucket(), kept.getKey(), kept.getLoser());
    }
    return wanted.build();
  }

  private static void add(
      WantedRow.Builder wanted, Body body, Dot bucket, ByteString key, VersionStamp version) {
    int before = wanted.getManifestsCount();
    if (body.getManifest().getSize() > 0) {
      wanted.addManifests(body.getManifest());
    }
    if (body.getPartListContent().getSize() > 0) {
      wanted.addManifests(body.getPartListContent());
    }
    if (wanted.getManifestsCount() > before) {
      wanted.addPlaces(WantedPlace.newBuilder().setBucket(bucket).setKey(key).setVersion(version));
    }
  }
}
