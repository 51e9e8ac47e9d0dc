package skarb.client;

/// Which bytes of an object an answer has.
///
/// @param first the first byte, from 0
/// @param length how many
public record ContentRange(long first, long length) {}
