/// What the machine can refuse: files that are appended to and forced, directories that are synced,
/// checksums that do not match. In: paths of the file system handed in. Out: bytes that were
/// verified, or a typed exception that names file and offset.
@NullMarked
package skarb.node.disk;

import org.jspecify.annotations.NullMarked;
