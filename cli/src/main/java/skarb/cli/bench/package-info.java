/// `skarb bench`: loads a server and says how it bore it. In: a command line. Out: figures, with
/// where they come from and, if asked, the generator's own ceiling beside them. First to read:
/// [skarb.cli.bench.BenchCommand], then [skarb.cli.bench.BenchRun].
@NullMarked
package skarb.cli.bench;

import org.jspecify.annotations.NullMarked;
