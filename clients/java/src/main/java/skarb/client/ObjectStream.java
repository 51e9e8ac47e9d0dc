package skarb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The body of an object as a stream: at most three frames of 256 KiB are in memory, however slowly
/// it is read. The end of the stream is told only once the whole has its checksum; where the body
/// is damaged or cannot be read on, reading fails with an [IOException] whose cause is a
/// [SkarbException]. Close it to let the server go. For one reading thread; any thread may close
/// it.
public final class ObjectStream extends InputStream {
  private final ObjectInfo info;
  private final ContentRange range;
  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Queue<ByteString> frames = new ArrayDeque<>(); // bounded by what is asked for

  @GuardedBy("lock")
  private boolean complete;

  @GuardedBy("lock")
  private @Nullable Throwable failure;

  /// Of the reading thread.
  private ByteString frame = ByteString.EMPTY;

  private int position;

  /// What fills a stream.
  interface Source {
    /// A frame was read.
    void more();

    /// Nobody reads on.
    void cancel();
  }

  private ObjectStream(ObjectInfo info, ContentRange range, Source source) {
    this.info = info;
    this.range = range;
    this.source = source;
  }

  /// The object.
  public ObjectInfo info() {
    return info;
  }

  /// Which bytes of it these are.
  public ContentRange range() {
    return range;
  }

  @Override
  public int read() throws IOException {
    return fill() ? frame.byteAt(position++) & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, frame.size() - position);
    frame.substring(position, position + count).copyTo(bytes, offset);
    position += count;
    return count;
  }

  @Override
  public int available() {
    return frame.size() - position;
  }

  /// Waits until there is a byte.
  ///
  /// @return false at the end
  private boolean fill() throws IOException {
    while (position == frame.size()) {
      frame = ByteString.EMPTY;
      position = 0;
      ByteString next = take();
      if (next == null) {
        return false;
      }
      frame = next;
      source.more();
    }
    return true;
  }

  private @Nullable ByteString take() throws IOException {
    lock.lock();
    try {
      while (frames.isEmpty() && !complete && failure == null) {
        changed.await();
      }
      ByteString next = frames.poll();
      if (next == null && failure != null) {
        throw new IOException("the object cannot be read on: " + failure.getMessage(), failure);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted while reading");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the download where it is not at its end. Reading on fails.
  @Override
  public void close() {
    end(new IOException("the stream is closed"));
    source.cancel();
  }

  private void end(Throwable why) {
    lock.lock();
    try {
      if (failure == null) {
        failure = why;
        changed.signalAll();
      }
      if (why instanceof IOException) {
        frames.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(ByteString bytes) {
    lock.lock();
    try {
      if (failure == null) {
        frames.add(bytes);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void complete() {
    lock.lock();
    try {
      complete = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A download that somebody reads as a stream.
  static final class Sink implements DownloadSink<ObjectInfo> {
    private final CompletableFuture<ObjectStream> opened = new CompletableFuture<>();
    private @Nullable ObjectStream stream;
    private volatile @Nullable DownloadCall<ObjectInfo> download;
    private volatile @Nullable CompletableFuture<ObjectInfo> running;

    /// Begins. The stream is there once the object is known to be. Cancelling the future before
    /// that cancels the download.
    CompletableFuture<ObjectStream> start(DownloadCall<ObjectInfo> call) {
      download = call;
      running = call.start();
      Futures.onCancel(opened, this::cancel);
      return opened;
    }

    private void cancel() {
      CompletableFuture<ObjectInfo> current = running;
      if (current != null) {
        current.cancel(true);
      }
    }

    @Override
    public void begin(ObjectInfo info, ContentRange range) {
      ObjectStream made =
          new ObjectStream(
              info,
              range,
              new Source() {
                @Override
                public void more() {
                  DownloadCall<ObjectInfo> call = download;
                  if (call != null) {
                    call.more();
                  }
                }

                @Override
                public void cancel() {
                  Sink.this.cancel();
                }
              });
      stream = made;
      if (!opened.complete(made)) {
        throw new CancellationException();
      }
    }

    @Override
    public boolean accept(ByteString bytes) {
      ObjectStream open = stream;
      if (open != null) {
        open.add(bytes);
      }
      return false;
    }

    @Override
    public ObjectInfo finish() {
      ObjectStream open = stream;
      if (open == null) {
        throw new IllegalStateException("not begun");
      }
      open.complete();
      return open.info();
    }

    @Override
    public void fail(Throwable failure) {
      ObjectStream open = stream;
      if (open != null) {
        open.end(failure);
      }
      opened.completeExceptionally(failure);
    }
  }
}
