/// The certificates by which the sites of a realm know one another.
///
/// A realm has an authority (CA) whose certificate and key all its sites hold, since they trust one
/// another fully; it issues each site a certificate that carries the site's id as the URI
/// `skarb:site:ID`. In come the node's key and the data directory, out go contexts for TLS that
/// take up a new certificate by themselves. Read [skarb.node.certs.SiteCertificates] first: it
/// holds what there is, and renews. [skarb.node.certs.CertificateMaker] is the only class that
/// makes certificates, from randomness that is handed in; [skarb.node.certs.ChainRules] the only
/// one that judges them, by a clock that is handed in.
///
/// One lock, of `SiteCertificates`, for changes; readers never take it.
@NullMarked
package skarb.node.certs;

import org.jspecify.annotations.NullMarked;
