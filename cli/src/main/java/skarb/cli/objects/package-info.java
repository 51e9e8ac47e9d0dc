/// The commands that move bodies and look at what there is: `buckets`, `ls`, `cp`, `rm`, `cat`,
/// over the client library. In: paths. Out: bodies, lines, JSON, and one line for each thing that
/// failed. First to read: [skarb.cli.objects.CpCommand], then [skarb.cli.objects.Copies].
@NullMarked
package skarb.cli.objects;

import org.jspecify.annotations.NullMarked;
