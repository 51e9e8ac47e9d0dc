/// The hot paths by themselves, one class each, under JMH: [skarb.bench.SignatureBenchmark],
/// [skarb.bench.XmlBenchmark], [skarb.bench.ChecksumBenchmark], [skarb.bench.ListingBenchmark], and
/// in its own package [skarb.node.journal.JournalFrameBenchmark]. In: data from fixed seeds. Out:
/// JMH's reports, which `skarb bench compare` reads. Each runs in one thread.
@NullMarked
package skarb.bench;

import org.jspecify.annotations.NullMarked;
