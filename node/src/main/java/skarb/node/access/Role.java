package skarb.node.access;

/// What a caller is.
public enum Role {
  /// Owns objects and buckets.
  USER,
  /// Manages keys and the node.
  OPERATOR,
  /// Translates for others and says for whom.
  GATEWAY,
  /// A node of another site.
  SITE,
  /// Whoever comes to the peers' listener with a certificate that makes him no site: he may join,
  /// if he was invited.
  JOINER
}
