@NullMarked
package skarb.testkit.disk;

import org.jspecify.annotations.NullMarked;
