@NullMarked
package skarb.testkit.seed;

import org.jspecify.annotations.NullMarked;
