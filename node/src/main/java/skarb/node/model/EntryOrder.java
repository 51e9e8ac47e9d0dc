package skarb.node.model;

import skarb.v1.VersionStamp;

/// The order of all entries of all sites, by which registers resolve: the higher wins. The order of
/// the entry that first wrote a version is the version's identity.
///
/// @param hlc the stamp
/// @param origin breaks ties, so by site id first
public record EntryOrder(Hlc hlc, OriginId origin) implements Comparable<EntryOrder> {

  /// From its form in entries.
  public static EntryOrder of(VersionStamp stamp) {
    return new EntryOrder(new Hlc(stamp.getHlc()), new OriginId(stamp.getOrigin()));
  }

  /// Its form in entries.
  public VersionStamp toProto() {
    return VersionStamp.newBuilder().setHlc(hlc.value()).setOrigin(origin.value()).build();
  }

  @Override
  public int compareTo(EntryOrder other) {
    int byStamp = hlc.compareTo(other.hlc);
    return byStamp != 0 ? byStamp : origin.compareTo(other.origin);
  }
}
