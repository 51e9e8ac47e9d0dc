/// The `skarb` command. In: a command line. Out: a running server, or one answer and an exit code.
/// First to read: [skarb.cli.Main], then one class per command; those that move bodies are in
/// `objects`. `wiring` puts the parts together; nobody else news them up.
@NullMarked
package skarb.cli;

import org.jspecify.annotations.NullMarked;
