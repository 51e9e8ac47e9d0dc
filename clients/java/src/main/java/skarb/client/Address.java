package skarb.client;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where a node listens: `grpc://HOST[:PORT]` without TLS, `grpcs://HOST[:PORT]` with it.
///
/// @param host as it was given, a numeric IPv6 address without its brackets
/// @param port the port
/// @param tls whether the way is protected
record Address(String host, int port, boolean tls) {
  private static final int DEFAULT_PORT = 9010;
  private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  /// @throws IllegalArgumentException where it is none, saying what would be
  static Address parse(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.equals("unix")) {
      throw new IllegalArgumentException(
          "a node does not listen at a Unix socket, so " + uri + " cannot be reached");
    }
    if (!scheme.equals("grpc") && !scheme.equals("grpcs")) {
      throw new IllegalArgumentException(
          "not grpc://HOST:PORT or grpcs://HOST:PORT: " + withoutUser(uri));
    }
    String host = uri.getHost();
    if (host == null || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException("no plain HOST:PORT in " + withoutUser(uri));
    }
    String path = uri.getRawPath();
    if ((path != null && !path.isEmpty() && !path.equals("/"))
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("something behind HOST:PORT in " + uri);
    }
    return new Address(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
        scheme.equals("grpcs"));
  }

  private static String withoutUser(URI uri) {
    return uri.getRawUserInfo() == null
        ? uri.toString()
        : uri.toString().replace(uri.getRawUserInfo() + "@", "");
  }

  /// Whether it is this machine by its very name: nothing is looked up.
  boolean isLoopback() {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || LOOPBACK_V4.matcher(host).matches();
  }
}
