package skarb.node.oplog;

import com.google.protobuf.ByteString;
import skarb.node.model.SiteId;

/// Who this site is to others.
///
/// @param site its id
/// @param name its name
/// @param realm names the realm: 16 bytes, the same at all its sites
/// @param store names its journal: 16 bytes
public record SiteIdentity(SiteId site, String name, ByteString realm, ByteString store) {}
