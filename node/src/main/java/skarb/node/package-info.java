/// The storage node, assembled. In: a data directory and the seams to the outside world. Out: gRPC
/// services. First to read: `Node`. The packages below are in the order in which a write meets
/// them: service, access, content, segment, commit, journal, index; recovery starts them; disk and
/// model carry them.
@NullMarked
package skarb.node;

import org.jspecify.annotations.NullMarked;
