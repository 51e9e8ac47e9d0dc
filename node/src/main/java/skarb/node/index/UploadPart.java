package skarb.node.index;

import skarb.v1.PartValue;

/// A part of an open upload.
///
/// @param number 1 to 10,000
/// @param value its bytes and what is known of them
public record UploadPart(int number, PartValue value) {}
