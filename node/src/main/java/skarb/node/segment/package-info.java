/// Chunks on disk. The only door is [ChunkStore], the class to read first; [SegmentFormat] draws
/// the files, [SegmentWriter] explains group force, [SegmentLoader] what a start does.
///
/// In: chunks named by their SHA-256, places of small bodies in the journal. Out: pins, and frames
/// that were verified.
///
/// Locks, in this order: a lane's in [SegmentWriters] (held while a record is written), a
/// [SegmentWriter]'s (never while the file is touched). The lock of [ChunkCatalog] is taken alone
/// and guards the table and the pins. Threads: none that stay; each write, force and closing runs
/// on a thread made for it, which nobody interrupts.
@NullMarked
package skarb.node.segment;

import org.jspecify.annotations.NullMarked;
