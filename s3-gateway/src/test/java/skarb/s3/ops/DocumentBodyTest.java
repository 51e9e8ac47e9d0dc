package skarb.s3.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import skarb.s3.auth.Authentication;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.QueryParams;
import skarb.s3.route.RequestHead;
import skarb.s3.route.S3Operation;
import skarb.s3.route.S3Request;

/// What a document costs before and after it has come.
class DocumentBodyTest {
  private static final int MAX = 4 << 20;
  private final MemoryBudget memory =
      new MemoryBudget(MemoryBudget.STREAM_BYTES, Duration.ofMillis(20));

  /// A body that promises a length, and may end before it.
  private static final class Promise implements RequestBody {
    private final long length;
    private @Nullable ByteBuffer content;
    private boolean touched;

    Promise(long length, String content) {
      this.length = length;
      this.content = ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public @Nullable ByteBuffer read() {
      touched = true;
      ByteBuffer next = content;
      content = null;
      return next;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public boolean expectsContinue() {
      return false;
    }

    @Override
    public boolean untouched() {
      return !touched;
    }
  }

  private <T> T read(RequestBody body, Function<ByteString, T> decode) {
    RequestHead head = new RequestHead("POST", "/box", "delete", Map.of(), "", false, "id");
    S3Request request =
        new S3Request(
            S3Operation.DELETE_OBJECTS, "box", "", QueryParams.parse(head.rawQuery()), head);
    return DocumentBody.read(
        new S3Call(request, new Authentication.Anonymous(new PayloadSigning.Unsigned()), body),
        MAX,
        memory,
        decode);
  }

  private void breakOff() {
    assertThatThrownBy(() -> read(new Promise(MAX, "x"), ByteString::size))
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INCOMPLETE_BODY));
  }

  @Test
  void aPromisedLengthAllocatesLittle() {
    breakOff(); // Classes are loaded once.
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    breakOff();

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
  }

  @Test
  void nothingIsReadWhereNoMemoryIsFree() {
    Promise body = new Promise(1, "x");
    try (MemoryBudget.Share _ = memory.take(MemoryBudget.STREAM_BYTES)) {
      assertThatThrownBy(() -> read(body, ByteString::size))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SLOW_DOWN));
    }

    assertThat(body.untouched()).isTrue();
    int size = read(body, ByteString::size);
    assertThat(size).isEqualTo(1);
  }

  @Test
  void memoryIsHeldUntilTheDocumentIsDecodedAndGivenBackThen() {
    int all = MemoryBudget.STREAM_BYTES;
    String half = "x".repeat(all / 2);
    for (int i = 0; i < 2; i++) {
      int size =
          read(
              new Promise(half.length(), half),
              document -> {
                assertThatThrownBy(() -> memory.take(1)).isInstanceOf(S3Exception.class);
                return document.size();
              });
      assertThat(size).isEqualTo(half.length());
    }
    breakOff();
    try (MemoryBudget.Share whole = memory.take(all)) {
      assertThat(whole).isNotNull();
    }
  }
}
