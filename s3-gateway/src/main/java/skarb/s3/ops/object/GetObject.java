package skarb.s3.ops.object;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.time.InstantSource;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import skarb.s3.ops.DownloadStream;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;

/// GetObject: a range or the whole, each frame checked once more before it is sent on.
public final class GetObject implements Handler {
  private final NodeClient node;
  private final MemoryBudget memory;
  private final InstantSource clock;

  /// A handler that reads from this node.
  ///
  /// @param memory what large bodies share
  /// @param clock tells which dates lie in the future
  public GetObject(NodeClient node, MemoryBudget memory, InstantSource clock) {
    this.node = node;
    this.memory = memory;
    this.clock = clock;
  }

  @Override
  public S3Response handle(S3Call call) {
    ReadRequest asked = ReadRequest.decode(call, clock.instant());
    DownloadStream download = node.get(call, request(call, asked));
    try {
      GetResponse first = download.next();
      if (first == null) {
        throw Status.INTERNAL.withDescription("an empty answer to Get").asRuntimeException();
      }
      S3Response response = ObjectAnswer.encode(call, asked, first.getInfo(), first.getRange());
      PartChecksum.add(response, node, call, asked, first.getInfo());
      return withBody(response, first, download);
    } catch (RuntimeException e) {
      download.close();
      throw e;
    }
  }

  private static GetRequest request(S3Call call, ReadRequest asked) {
    GetRequest.Builder request =
        GetRequest.newBuilder().setBucket(call.bucket()).setKey(call.key());
    asked.versionId().ifPresent(request::setVersionId);
    asked.range().ifPresent(request::setRange);
    asked.part().ifPresent(request::setPartNumber);
    asked.conditions().ifPresent(request::setConditions);
    return request.build();
  }

  private S3Response withBody(S3Response response, GetResponse first, DownloadStream download) {
    long length = first.getRange().getLength();
    ByteString content = checked(first.getFrame());
    if (length == content.size()) {
      // Small: what came is all there is, and the end of the call need not be waited for.
      return response.body(new S3Response.Body.Bytes(content));
    }
    MemoryBudget.Share share = memory.take(MemoryBudget.STREAM_BYTES);
    download.readAhead();
    return response.body(new S3Response.Body.Stream(length, new Frames(content, download, share)));
  }

  /// The content of a frame, if it is what it was when the node sent it.
  private static ByteString checked(Frame frame) {
    ByteString content = frame.getContent();
    if (frame.hasCrc32C()) {
      CRC32C crc = new CRC32C();
      crc.update(content.asReadOnlyByteBuffer());
      if ((int) crc.getValue() != frame.getCrc32C()) {
        throw Status.DATA_LOSS
            .withDescription("a frame does not match its CRC-32C")
            .asRuntimeException();
      }
    }
    return content;
  }

  /// The frames of one download.
  private static final class Frames implements S3Response.FrameSource {
    private final DownloadStream download;
    private final MemoryBudget.Share share;
    private @Nullable ByteString first;

    Frames(ByteString first, DownloadStream download, MemoryBudget.Share share) {
      this.first = first;
      this.download = download;
      this.share = share;
    }

    @Override
    public @Nullable ByteString next() {
      ByteString content = first;
      if (content != null) {
        first = null;
        return content;
      }
      GetResponse message = download.next();
      return message == null ? null : checked(message.getFrame());
    }

    @Override
    public void close() {
      download.close();
      share.close();
    }
  }
}
