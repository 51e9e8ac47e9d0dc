/// A server within somebody else's process. In: types of the JDK alone, since whoever calls it does
/// so across class loaders. Out: a whole Skarb on loopback. First to read:
/// [skarb.cli.embedded.EmbeddedServer].
@NullMarked
package skarb.cli.embedded;

import org.jspecify.annotations.NullMarked;
