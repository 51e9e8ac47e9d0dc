package skarb.s3.route;

import java.util.Locale;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Virtual-hosted addresses, `http://bucket.localhost/key`, are not served. Read as path style they
/// would mean another bucket, so they are refused.
final class HostStyle {
  private static final String DOMAIN = ".localhost";

  private HostStyle() {}

  /// Refuses a request whose `Host` is a name below `localhost`.
  ///
  /// @throws S3Exception InvalidRequest
  static void refuseVirtual(RequestHead head) {
    if (name(head.header("host").orElse("")).endsWith(DOMAIN)) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Virtual-hosted addresses are not served; use path style, as in"
              + " http://localhost/bucket/key.");
    }
  }

  /// The name without its port and without the dot that ends a full one. An address of IPv6 comes
  /// out mangled, and is no name.
  private static String name(String host) {
    int colon = host.indexOf(':');
    String name = (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
