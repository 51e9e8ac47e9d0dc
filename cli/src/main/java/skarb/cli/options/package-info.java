/// Options that several commands share. In: what a command line says. Out: a connection, addresses,
/// a key.
@NullMarked
package skarb.cli.options;

import org.jspecify.annotations.NullMarked;
