/// The composition root. In: configuration. Out: a server that runs, or a channel to one. First to
/// read: [skarb.cli.wiring.SkarbServer].
@NullMarked
package skarb.cli.wiring;

import org.jspecify.annotations.NullMarked;
