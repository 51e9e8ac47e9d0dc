package skarb.cli.wiring;

import skarb.cli.output.CommandFailedException;

/// What a running server writes into its data directory for operators' commands: `HOST:PORT`, and
/// behind a blank `sha256=HEX` of its certificate where it speaks TLS.
///
/// @param address where gRPC listens
/// @param certificateSha256 in hex; empty without TLS
record PublishedAddress(HostPort address, String certificateSha256) {
  private static final String SHA256 = " sha256=";

  String encode() {
    String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
    String text = host + ":" + address.port();
    return certificateSha256.isEmpty() ? text : text + SHA256 + certificateSha256;
  }

  static PublishedAddress decode(String text) {
    int pin = text.indexOf(SHA256);
    try {
      return pin < 0
          ? new PublishedAddress(HostPort.parse(text), "")
          : new PublishedAddress(
              HostPort.parse(text.substring(0, pin)), text.substring(pin + SHA256.length()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("the server's address cannot be read: " + e.getMessage());
    }
  }
}
