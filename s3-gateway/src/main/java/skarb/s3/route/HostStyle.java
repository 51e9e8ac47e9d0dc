package skarb.s3.route;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Virtual-hosted addresses: `http://bucket.domain/key`, where the domain is one that the gateway
/// was told to be, or `localhost`. Any other host is path style's.
final class HostStyle {
  private final List<String> domains;

  /// @param domains in any case, without dots at their ends; `localhost` is always among them
  HostStyle(List<String> domains) {
    this.domains =
        Stream.concat(domains.stream(), Stream.of("localhost"))
            .map(domain -> domain.toLowerCase(Locale.ROOT))
            .sorted((one, other) -> other.length() - one.length()) // the longest that fits counts
            .toList();
  }

  /// The bucket that the `Host` of a request names; empty where it names none.
  Optional<String> bucket(RequestHead head) {
    String host = name(head.header("host").orElse(""));
    for (String domain : domains) {
      if (host.equals(domain)) {
        return Optional.empty();
      }
      if (host.endsWith("." + domain) && host.length() > domain.length() + 1) {
        return Optional.of(host.substring(0, host.length() - domain.length() - 1));
      }
    }
    return Optional.empty();
  }

  /// The name without its port and without the dot that ends a full one. An address of IPv6 comes
  /// out mangled, and is no name.
  private static String name(String host) {
    int colon = host.indexOf(':');
    String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
