@NullMarked
package skarb.testkit.time;

import org.jspecify.annotations.NullMarked;
