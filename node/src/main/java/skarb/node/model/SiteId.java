package skarb.node.model;

import java.util.HexFormat;

/// A site: 32 random bits given when its store is made.
///
/// @param value the 32 bits
public record SiteId(int value) {
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(value);
  }
}
