package skarb.s3.ops;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Answers to requests that may take minutes, as S3 gives them: what is known soon is an answer
/// like any other; from then on the client gets `200 OK` and spaces, and then the document, or an
/// error in its place. Headers that the answer would have had are lost in that case.
///
/// Safe for many threads.
public final class SlowAnswers {
  private final Duration patience;

  /// Answers that are waited for in silence for a while.
  ///
  /// @param patience how long before the first space and between spaces
  public SlowAnswers(Duration patience) {
    this.patience = patience;
  }

  /// Waits for the node.
  ///
  /// @param answer a call that is under way; cancelled where the client goes away
  /// @param encode from the node's answer to a response of status 200 whose body is a document
  /// @throws StatusRuntimeException as the node gave it, where it came soon
  public <T> S3Response await(Future<T> answer, Function<T, S3Response> encode) {
    T soon = poll(answer);
    return soon == null
        ? S3Response.xml(200, ByteString.EMPTY)
            .body(new S3Response.Body.Late(new Awaited<>(answer, encode)))
        : encode.apply(soon);
  }

  private <T> @Nullable T poll(Future<T> answer) {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("a call to the node failed", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("interrupted while waiting for the node");
    }
  }

  private final class Awaited<T> implements S3Response.LateDocument {
    private final Future<T> answer;
    private final Function<T, S3Response> encode;

    Awaited(Future<T> answer, Function<T, S3Response> encode) {
      this.answer = answer;
      this.encode = encode;
    }

    @Override
    public @Nullable ByteString await() {
      T come = poll(answer);
      if (come == null) {
        return null;
      }
      if (encode.apply(come).body() instanceof S3Response.Body.Bytes document) {
        return document.content();
      }
      throw new IllegalStateException("a slow answer that is no document");
    }

    @Override
    public void close() {
      answer.cancel(true);
    }
  }
}
