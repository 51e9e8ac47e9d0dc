/// Servers that a benchmark starts for itself, each in a process of its own: a whole Skarb in a
/// temporary folder, or one that throws bodies away and answers from memory, whose figures are what
/// the load generator can do at most. In: what to serve. Out: addresses, and what the process used.
/// First to read: [skarb.cli.bench.server.ServerProcess], then [skarb.cli.bench.server.NullServer].
@NullMarked
package skarb.cli.bench.server;

import org.jspecify.annotations.NullMarked;
