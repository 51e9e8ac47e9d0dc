package skarb.node.service;

import skarb.node.content.BodyWriter;
import skarb.v1.Checksums;
import skarb.v1.Frame;

/// The messages of one kind of upload, and what becomes of its bytes: an object or a part.
/// [UploadCall] does all that is the same for both.
///
/// @param <Q> what the caller sends
/// @param <A> what it is answered
interface UploadStream<Q, A> {

  /// What a message is.
  enum Kind {
    /// What is promised before the bytes.
    HEADER,
    /// The next bytes.
    FRAME,
    /// What ends the upload.
    TRAILER,
    /// Nothing known.
    NOTHING
  }

  /// An upload that was let in.
  ///
  /// @param <A> what it is answered
  interface Opened<A> {
    /// Takes its bytes.
    BodyWriter writer();

    /// Ends it and commits it. When this returns, it is on disk.
    ///
    /// @param expected checksums that came with the trailer, their lengths checked
    /// @throws InterruptedException while waiting for memory
    A finish(Checksums expected) throws InterruptedException;
  }

  Kind kind(Q message);

  /// Checks all that can be checked before the bytes, and opens what they go to.
  Opened<A> open(Q header);

  /// The frame in a message that is one.
  Frame frame(Q message);

  /// The checksums in a trailer.
  Checksums expected(Q trailer);

  /// Says that the bytes may come.
  A accepted();
}
