/// What a person or a program reads: lines, JSON, one-line errors.
@NullMarked
package skarb.cli.output;

import org.jspecify.annotations.NullMarked;
