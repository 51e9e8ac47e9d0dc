/// Several sites in one process, with real files and the driver of replication between them.
@NullMarked
package skarb.cli.sync;

import org.jspecify.annotations.NullMarked;
