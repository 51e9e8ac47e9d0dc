package skarb.node.index;

import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.BucketValue;

/// A bucket.
///
/// @param incarnation its identity: the entry that made it
/// @param created that entry's place among all
/// @param value its name, owner, location and time
public record BucketRow(EntryDot incarnation, EntryOrder created, BucketValue value) {}
