package skarb.s3.auth;

import skarb.v1.Checksums;

/// What followed the last chunk of a body.
///
/// @param checksums the promises about the content that came as trailers, to be passed on before
///   anything commits; empty where there were none
public record Trailers(Checksums checksums) {}
