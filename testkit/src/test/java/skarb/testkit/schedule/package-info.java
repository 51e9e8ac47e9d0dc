@NullMarked
package skarb.testkit.schedule;

import org.jspecify.annotations.NullMarked;
