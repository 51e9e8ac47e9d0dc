@NullMarked
package skarb.node;

import org.jspecify.annotations.NullMarked;
