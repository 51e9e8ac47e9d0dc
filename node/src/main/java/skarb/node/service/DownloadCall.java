package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import skarb.node.content.BodyReader;
import skarb.node.model.NodeException;
import skarb.node.segment.FrameSink;
import skarb.v1.ContentRange;
import skarb.v1.ErrorReason;
import skarb.v1.Frame;

/// One download of one or more ranges of a body: for each range its frames, a message each. A range
/// without bytes has one message without a frame. Reads as fast as a [ResponseStream] has room.
final class DownloadCall<T> implements ResponseStream.Source, FrameSink {
  private final ResponseStream<T> stream;
  private final ObjectFinder.Found found;
  private final List<ContentRange> ranges;
  private final BodyReader reader;
  private final Messages<T> messages;

  /// Of the reading thread: the range that is being read, and whether it has sent anything.
  private int index;

  private boolean started;

  /// @param ranges lie within the body
  DownloadCall(
      ResponseStream<T> stream,
      ObjectFinder.Found found,
      List<ContentRange> ranges,
      BodyReader reader,
      Messages<T> messages) {
    this.stream = stream;
    this.found = found;
    this.ranges = List.copyOf(ranges);
    this.reader = reader;
    this.messages = messages;
  }

  /// How a call words its messages.
  interface Messages<T> {
    /// A message.
    ///
    /// @param index which range
    /// @param first whether it is the first of its range
    /// @param frame the default one for none
    T of(int index, boolean first, Frame frame);
  }

  /// Reads and sends, on the call's own thread.
  @Override
  public void send() {
    try {
      for (index = 0; index < ranges.size(); index++) {
        started = false;
        ContentRange range = ranges.get(index);
        reader.read(found.body().getManifest(), range.getFirst(), range.getLength(), this);
        if (!started) {
          stream.awaitRoom();
          stream.send(messages.of(index, true, Frame.getDefaultInstance()));
        }
      }
    } catch (NodeException e) {
      throw e.reason() == ErrorReason.ERROR_REASON_DATA_DAMAGED ? damaged(e) : e;
    }
  }

  @Override
  public void frame(ByteString content, int crc32c) {
    stream.awaitRoom();
    Frame frame = Frame.newBuilder().setContent(content).setCrc32C(crc32c).build();
    stream.send(messages.of(index, !started, frame));
    started = true;
  }

  private NodeException damaged(NodeException failure) {
    String message = failure.getMessage();
    return new NodeException(
        ErrorReason.ERROR_REASON_DATA_DAMAGED,
        message == null ? "" : message,
        Map.of("bucket", found.info().getBucket(), "key", found.info().getKey()));
  }
}
