package skarb.node.access;

/// What is certain of a caller by the way its call came in, before a byte of it is read. An
/// in-process server has one by being handed over; there is no header for it.
public enum TransportIdentity {
  /// From the network: the call must say who makes it.
  NETWORK,
  /// From the network by the peers' listener: the call comes with a certificate, and TLS has proved
  /// that the caller has its key. Whose it is must still be judged.
  PEER,
  /// From the gateway in this process.
  GATEWAY,
  /// From an operator's command in this process.
  OPERATOR
}
