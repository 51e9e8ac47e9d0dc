package skarb.node.index;

import skarb.node.model.EntryDot;
import skarb.v1.WantedRow;

/// An entry whose bodies are not wholly here.
///
/// @param dot its name
/// @param row the bodies
public record WantedBodies(EntryDot dot, WantedRow row) {}
