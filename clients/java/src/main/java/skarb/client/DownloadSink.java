package skarb.client;

import com.google.protobuf.ByteString;
import java.io.IOException;

/// Where the bytes of a download go. One method at a time is called, in the order in which they
/// stand here, and one of the last two at the end.
///
/// @param <T> what the download gives in the end
interface DownloadSink<T> {
  /// The object is there, and these bytes follow.
  ///
  /// @throws IOException where they cannot be taken; the download then fails with it
  void begin(ObjectInfo info, ContentRange range) throws IOException;

  /// The next bytes, whose frame was checked.
  ///
  /// @return whether the sink is done with them; if not, it calls [DownloadCall#more] once it is
  boolean accept(ByteString bytes) throws IOException;

  /// All bytes came, and have the checksum of the whole where there is one.
  T finish() throws IOException;

  /// It failed, or was cancelled: whatever is half done is undone. May come before [#begin].
  void fail(Throwable failure);
}
