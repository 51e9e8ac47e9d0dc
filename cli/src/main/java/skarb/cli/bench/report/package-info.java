/// What a benchmark tells: figures, and where they come from. In: measurements. Out: a table for
/// people, or one JSON object. First to read: [skarb.cli.bench.report.Report].
@NullMarked
package skarb.cli.bench.report;

import org.jspecify.annotations.NullMarked;
