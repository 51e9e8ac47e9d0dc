@NullMarked
package skarb.testkit;

import org.jspecify.annotations.NullMarked;
