@NullMarked
package skarb.testkit.model;

import org.jspecify.annotations.NullMarked;
