/// How a site comes into a realm: one invites, the other joins.
///
/// In come an operator's calls at either side and one call from site to site, out go members,
/// certificates and keys. Read [skarb.node.joining.Joiner] first: the side that joins, with what
/// happens at each crash; [skarb.node.joining.Admission] is the side that invited.
///
/// One lock in [skarb.node.joining.Invitations], one in `Joiner`; both are held over small writes,
/// the latter over the call to the other site as well.
@NullMarked
package skarb.node.joining;

import org.jspecify.annotations.NullMarked;
