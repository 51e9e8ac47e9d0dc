package skarb.cli.bench.client;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import skarb.cli.bench.client.StoreClient.Download;
import skarb.v1.GetResponse;

/// One download, whose frames the connection's own thread counts and throws away. The worker waits
/// once, in [#await].
final class StreamedDownload implements StreamObserver<GetResponse> {
  private final boolean checksum;
  private final long start = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);

  // Written by the connection's thread before `ended` opens, read after that.
  private final CRC32C crc = new CRC32C();
  private long bytes;
  private long promised = -1;
  private long firstByteNanos;
  private @Nullable Throwable failure;

  /// @param checksum whether to compute the CRC-32C of the bytes
  StreamedDownload(boolean checksum) {
    this.checksum = checksum;
  }

  @Override
  public void onNext(GetResponse message) {
    if (promised < 0) {
      firstByteNanos = System.nanoTime() - start;
      promised = message.getRange().getLength();
    }
    ByteString content = message.getFrame().getContent();
    bytes += content.size();
    if (checksum) {
      content.asReadOnlyByteBufferList().forEach(crc::update);
    }
  }

  @Override
  public void onError(Throwable error) {
    failure = error;
    ended.countDown();
  }

  @Override
  public void onCompleted() {
    ended.countDown();
  }

  /// Waits for the end.
  Download await() throws IOException, InterruptedException {
    ended.await();
    Throwable error = failure;
    if (error != null) {
      throw GrpcClient.failure(error);
    }
    if (bytes != promised) {
      throw new IOException("a body of " + bytes + " bytes where " + promised + " were promised");
    }
    return new Download(bytes, firstByteNanos, (int) crc.getValue());
  }
}
