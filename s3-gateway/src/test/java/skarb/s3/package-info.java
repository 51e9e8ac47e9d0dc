/// Tests of the whole gateway over real sockets, before a node in memory. First to read:
/// `TestGateway`.
@NullMarked
package skarb.s3;

import org.jspecify.annotations.NullMarked;
