package skarb.node.model;

import java.util.HexFormat;

/// One life of a site's store: 32 bits of site id, then 32 random bits. The first write after each
/// start begins a new one. Ordered as an unsigned number, so that ties between stamps go by site
/// id.
///
/// @param value the 64 bits
public record OriginId(long value) implements Comparable<OriginId> {

  /// An origin of a site.
  public static OriginId of(SiteId site, int randomBits) {
    return new OriginId(((long) site.value() << 32) | (randomBits & 0xffff_ffffL));
  }

  /// Whose it is.
  public SiteId site() {
    return new SiteId((int) (value >>> 32));
  }

  @Override
  public int compareTo(OriginId other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
