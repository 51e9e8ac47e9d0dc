/// The bytes of one body: from frames to chunks and digests ([BodyWriter], the class to read
/// first), and back ([BodyReader]).
///
/// What writes no bytes works on manifests and digests alone: [ManifestComposer] for copies and
/// multipart uploads, [ChecksumCombiner] for their checksums, [BodyDigests] where these must be
/// read for after all.
///
/// In: frames as they came over the wire, and what was promised of the body. Out: a manifest whose
/// chunks are durable, or frames with their checksums. Small bodies are handed on to ride in the
/// journal.
///
/// No locks but the semaphore in [BodyBudget]. Threads: none that stay; an upload's digests and its
/// chunk's write run as tasks while the next bytes come.
@NullMarked
package skarb.node.content;

import org.jspecify.annotations.NullMarked;
