/// Random tests that can be repeated: [skarb.testkit.seed.Seeds]. No lock and no thread lives here.
@NullMarked
package skarb.testkit.seed;

import org.jspecify.annotations.NullMarked;
