/// Values without I/O that every package may use: names, stamps, ids. They use nobody. A value that
/// exists is valid.
@NullMarked
package skarb.node.model;

import org.jspecify.annotations.NullMarked;
