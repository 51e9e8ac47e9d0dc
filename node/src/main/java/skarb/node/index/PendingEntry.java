package skarb.node.index;

import skarb.node.model.EntryDot;
import skarb.v1.PendingRow;

/// An entry that is logged and cannot act yet.
///
/// @param dot its name
/// @param row why, and its bytes
public record PendingEntry(EntryDot dot, PendingRow row) {}
