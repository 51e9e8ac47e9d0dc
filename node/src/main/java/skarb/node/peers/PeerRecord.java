package skarb.node.peers;

import java.util.regex.Pattern;
import skarb.node.model.SiteId;

/// A peer that this node dials.
///
/// @param site its site
/// @param name its name: 1 to 32 of `a-z 0-9 -`
/// @param address where it is dialled, `host:port`
/// @param paused whether the exchange with it is paused
/// @param bytesPerSecond the most that is moved in a second, both ways together; 0: no cap
public record PeerRecord(
    SiteId site, String name, String address, boolean paused, long bytesPerSecond) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.%]{2,64}]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  /// Below this the largest message would take longer than a stream may stand still.
  private static final long LEAST_BYTES_PER_SECOND = 16 << 10;

  /// @throws IllegalArgumentException with one line for the user
  public PeerRecord {
    if (site.value() == 0) {
      throw new IllegalArgumentException("a site's id is 8 hex digits, and not 00000000");
    }
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a peer's name is 1 to 32 of a-z, 0-9 and '-'");
    }
    var parts = ADDRESS.matcher(address);
    if (!parts.matches()
        || Integer.parseInt(parts.group(2)) == 0
        || Integer.parseInt(parts.group(2)) > MAX_PORT) {
      throw new IllegalArgumentException("a peer's address is HOST:PORT");
    }
    if (bytesPerSecond != 0 && bytesPerSecond < LEAST_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "a cap is " + LEAST_BYTES_PER_SECOND + " bytes a second or more, or 0 for none");
    }
  }

  /// The same, paused or not.
  public PeerRecord withPaused(boolean now) {
    return new PeerRecord(site, name, address, now, bytesPerSecond);
  }
}
