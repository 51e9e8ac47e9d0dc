/// Loads: what the workers do, for how long, and what is noted of it. In: clients and a
/// [skarb.cli.bench.load.Plan]. Out: a [skarb.cli.bench.load.Measurement]. First to read:
/// [skarb.cli.bench.load.LoadRun], then one class per load.
///
/// Threads: one platform thread per worker, which owns its client, its bodies and its recorder; the
/// thread that runs a load waits for them.
@NullMarked
package skarb.cli.bench.load;

import org.jspecify.annotations.NullMarked;
