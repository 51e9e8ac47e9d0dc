package skarb.node.index;

import skarb.node.model.EntryDot;
import skarb.node.model.SiteId;
import skarb.v1.MemberValue;

/// A member of the realm, or a site that was one.
///
/// @param site its id
/// @param dot the entry that set it
/// @param value what is said of it
public record MemberRow(SiteId site, EntryDot dot, MemberValue value) {}
