@NullMarked
package skarb.cli;

import org.jspecify.annotations.NullMarked;
