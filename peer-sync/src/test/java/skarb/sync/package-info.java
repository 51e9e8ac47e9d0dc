/// The driver between nodes that do as they are told, in virtual time.
@NullMarked
package skarb.sync;

import org.jspecify.annotations.NullMarked;
