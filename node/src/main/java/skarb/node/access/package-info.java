/// Who may do what.
@NullMarked
package skarb.node.access;

import org.jspecify.annotations.NullMarked;
