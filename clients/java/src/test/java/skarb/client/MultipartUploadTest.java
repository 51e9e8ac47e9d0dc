package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.CompleteUploadRequest;

class MultipartUploadTest {
  private static final int MIB = 1 << 20;
  private static final int PART = 5 * MIB;

  @TempDir Path folder;
  private final FakeNode node;
  private final SkarbClient client;
  private final byte[] body = TestBytes.random(4 * PART + 11);

  MultipartUploadTest() throws Exception {
    node = new FakeNode();
    client =
        node.client(config -> config.multipartThreshold(2 * PART).partSize(PART).partsInFlight(2));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void assertStored() {
    FakeObjects.Stored stored = node.objects.stored.get("k");
    assertThat(stored).isNotNull();
    assertThat(stored == null ? null : stored.content().toByteArray()).isEqualTo(body);
    assertThat(node.multipart.mostInFlight.get()).isBetween(1, 2);
    assertThat(node.multipart.aborted).isFalse();
  }

  @Test
  void fileGoesInPartsWithTheChecksumOfTheWhole() throws Exception {
    client.put("b", "k", Files.write(folder.resolve("f"), body));
    assertStored();
    CompleteUploadRequest completed = node.multipart.completed;
    assertThat(completed).isNotNull();
    if (completed != null) {
      Digest digest = Digest.of(ChecksumAlgorithm.CRC64NVME);
      digest.update(ByteString.copyFrom(body));
      assertThat(completed.getExpected().getCrc64Nvme()).isEqualTo(digest.value());
      assertThat(completed.getPartsCount()).isEqualTo(5);
      assertThat(completed.getObjectSize()).isEqualTo(body.length);
      assertThat(completed.getIdempotencyToken()).hasSize(36);
    }
  }

  @Test
  void bytesGoInPartsToo() {
    client.put("b", "k", body, PutOptions.none().withChecksum(ChecksumAlgorithm.SHA256));
    assertStored();
  }

  @Test
  void streamOfUnknownLengthGoesInParts() throws Exception {
    client.put("b", "k", new ByteArrayInputStream(body));
    assertStored();
  }

  @Test
  void streamOfKnownLengthGoesInParts() throws Exception {
    client.put("b", "k", new ByteArrayInputStream(body), body.length, PutOptions.none());
    assertStored();
  }

  @Test
  void streamShorterThanAPartGoesByOneCall() throws Exception {
    client.put("b", "k", new ByteArrayInputStream(new byte[10]));
    assertThat(node.calls).containsExactly("Put");
  }

  @Test
  void noMoreOfAStreamIsInMemoryThanThePartsInFlightAndOne() throws Exception {
    InputStream stream =
        new TestBytes.Counting(new ByteArrayInputStream(body)) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            long done = node.multipart.parts.values().stream().mapToLong(ByteString::size).sum();
            assertThat(read.get() - done).isLessThanOrEqualTo(3L * PART);
            return count;
          }
        };
    client.put("b", "k", stream);
    assertStored();
  }

  @Test
  void partIsTriedAgainByItself() throws Exception {
    node.refuse("UploadPart", FakeNode.connectionLost(), FakeNode.connectionLost());
    node.refuse("Complete", FakeNode.connectionLost());
    client.put("b", "k", new ByteArrayInputStream(body));
    assertStored();
    assertThat(node.count("UploadPart")).isEqualTo(7);
    assertThat(node.count("Complete")).isEqualTo(2);
    assertThat(node.count("Create")).isEqualTo(1);
  }

  @Test
  void partThatFailsAbortsTheUpload() {
    node.multipart.refusedParts.add(3);
    assertThatThrownBy(() -> client.put("b", "k", body))
        .isInstanceOfSatisfying(
            SkarbException.ResourceExhausted.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DISK_FULL));
    assertThat(node.multipart.aborted).isTrue();
    assertThat(node.multipart.completed).isNull();
    assertThat(node.objects.stored).isEmpty();
  }

  @Test
  void streamThatFailsAbortsTheUpload() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the tape is torn");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    InputStream stream =
        new SequenceInputStream(new ByteArrayInputStream(TestBytes.random(2 * PART)), broken);
    assertThatThrownBy(() -> client.put("b", "k", stream))
        .isInstanceOf(IOException.class)
        .hasMessage("the tape is torn");
    assertThat(node.multipart.aborted).isTrue();
  }

  @Test
  void fileThatChangesAbortsTheUpload() throws Exception {
    Path file = Files.write(folder.resolve("f"), body);
    AtomicBoolean changed = new AtomicBoolean();
    SkarbClient reading =
        node.client(config ->
            config
                .multipartThreshold(2 * PART)
                .partSize(PART)
                .partsInFlight(1)
                .progress(bytes -> {
                  if (node.multipart.parts.size() == 4 && !changed.getAndSet(true)) {
                    assertThatCode(() -> Files.setLastModifiedTime(file, FileTime.fromMillis(1)))
                        .doesNotThrowAnyException();
                  }
                }));
    assertThatThrownBy(() -> reading.put("b", "k", file))
        .isInstanceOfSatisfying(
            SkarbException.InvalidRequest.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.BODY_CHANGED));
    assertThat(changed).isTrue();
    assertThat(node.multipart.aborted).isTrue();
    assertThat(node.multipart.completed).isNull();
  }

  @Test
  void completionThatIsRefusedAbortsTheUpload() {
    node.refuse("Complete", FakeNode.error(Status.Code.FAILED_PRECONDITION, "PRECONDITION_FAILED"));
    node.refuse("Abort", FakeNode.error(Status.Code.NOT_FOUND, "NO_SUCH_UPLOAD"));
    assertThatThrownBy(() -> client.put("b", "k", body))
        .isInstanceOf(SkarbException.FailedPrecondition.class);
    assertThat(node.count("Abort")).isEqualTo(1);
  }
}
