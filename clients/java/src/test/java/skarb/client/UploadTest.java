package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.UploadHeader;

class UploadTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private final FakeNode node;
  private final SkarbClient client;

  UploadTest() throws Exception {
    node = new FakeNode();
    client = node.client();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private byte[] stored(String key) {
    FakeObjects.Stored stored = node.objects.stored.get(key);
    assertThat(stored).as(key).isNotNull();
    return stored == null ? new byte[0] : stored.content().toByteArray();
  }

  @Test
  void smallBodyGoesByOneCallWithItsChecksum() {
    PutResult result =
        client.put(
            "b",
            "k",
            new byte[] {1, 2, 3},
            PutOptions.none()
                .withContentType("text/plain")
                .withMetadata(Map.of("colour", "amber"))
                .withCondition(WriteCondition.onlyIfAbsent()));
    assertThat(node.calls).containsExactly("Put");
    assertThat(stored("k")).containsExactly(1, 2, 3);
    assertThat(result.size()).isEqualTo(3);
    UploadHeader header = node.objects.headers.get(0);
    assertThat(header.getExpected().getCrc64Nvme().size()).isEqualTo(8);
    assertThat(header.getAttributes().getHeaders().getContentType()).isEqualTo("text/plain");
    assertThat(header.getAttributes().getUserMetadata(0).getName()).isEqualTo("colour");
    assertThat(header.getConditions().getIfNoneMatch().getAny()).isTrue();
    assertThat(node.heads.get(0).get(authorization())).isEqualTo("Bearer t");
  }

  private static io.grpc.Metadata.Key<String> authorization() {
    return io.grpc.Metadata.Key.of("authorization", io.grpc.Metadata.ASCII_STRING_MARSHALLER);
  }

  @Test
  void bodiesOfAllKindsAndSizesArrive() throws Exception {
    for (int size : new int[] {0, 1, MIB, MIB + 1, 3 * MIB + 7}) {
      byte[] body = TestBytes.random(size);
      Path file = Files.write(folder.resolve("f" + size), body);
      client.put("b", "bytes" + size, body);
      client.put("b", "file" + size, file);
      client.put("b", "stream" + size, new ByteArrayInputStream(body));
      client.put("b", "sized" + size, new ByteArrayInputStream(body), size, PutOptions.none());
      for (String kind : new String[] {"bytes", "file", "stream", "sized"}) {
        assertThat(stored(kind + size)).as(kind + size).isEqualTo(body);
      }
    }
  }

  @Test
  void trailerCarriesTheChecksumThatWasAskedFor() {
    byte[] body = TestBytes.random(2 * MIB);
    PutOptions options = PutOptions.none().withChecksum(ChecksumAlgorithm.CRC32C);
    client.put("b", "k", body, options);
    assertThat(node.calls).containsExactly("Upload");
    assertThat(node.objects.trailers).containsExactly(FakeObjects.crc32c(body));
  }

  @Test
  void bodyIsReadNoFasterThanTheServerTakesIt() throws Exception {
    byte[] body = TestBytes.random(6 * MIB);
    TestBytes.Counting stream =
        new TestBytes.Counting(new ByteArrayInputStream(body)) {
          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            long ahead = read.get() - node.objects.bytesReceived.get();
            assertThat(ahead).isLessThanOrEqualTo(4L * UploadCall.FRAME_BYTES);
            return count;
          }
        };
    client.put("b", "k", stream, body.length, PutOptions.none());
    assertThat(stored("k")).isEqualTo(body);
  }

  @Test
  void refusalComesBeforeTheStreamIsRead() {
    node.refuse("Upload", FakeNode.error(Status.Code.NOT_FOUND, "NO_SUCH_BUCKET"));
    TestBytes.Counting stream =
        new TestBytes.Counting(new ByteArrayInputStream(TestBytes.random(2 * MIB)));
    assertThatThrownBy(() -> client.put("b", "k", stream, 2 * MIB, PutOptions.none()))
        .isInstanceOfSatisfying(
            SkarbException.NotFound.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_BUCKET);
              assertThat(e.requestId()).contains(FakeNode.REQUEST_ID);
            });
    assertThat(stream.read).hasValue(0);
  }

  @Test
  void streamThatWasNotBegunIsTriedAgain() throws Exception {
    node.refuse("Upload", FakeNode.connectionLost());
    byte[] body = TestBytes.random(2 * MIB);
    client.put("b", "k", new ByteArrayInputStream(body), body.length, PutOptions.none());
    assertThat(node.count("Upload")).isEqualTo(2);
    assertThat(stored("k")).isEqualTo(body);
  }

  @Test
  void streamThatIsTooShortStoresNothing() {
    InputStream stream = new ByteArrayInputStream(TestBytes.random(MIB + 5));
    assertThatThrownBy(() -> client.put("b", "k", stream, 2 * MIB, PutOptions.none()))
        .isInstanceOf(IOException.class)
        .hasRootCauseInstanceOf(EOFException.class);
    assertThat(node.objects.stored).isEmpty();
    assertThat(node.count("Upload")).isEqualTo(1);
  }

  @Test
  void putIsTriedAgainWhereThatIsSafe() {
    node.refuse(
        "Put",
        FakeNode.connectionLost(),
        FakeNode.error(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED"),
        FakeNode.error(Status.Code.UNAUTHENTICATED, "KEY_CHANGED"));
    client.put("b", "k", new byte[1]);
    assertThat(node.count("Put")).isEqualTo(4);
  }

  @Test
  void putUnderAConditionIsNotTriedAgainAfterALostConnection() {
    node.refuse("Put", FakeNode.connectionLost());
    PutOptions options = PutOptions.none().withCondition(WriteCondition.onlyIfAbsent());
    assertThatThrownBy(() -> client.put("b", "k", new byte[1], options))
        .isInstanceOf(SkarbException.Unavailable.class);
    node.refuse("Put", FakeNode.error(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED"));
    client.put("b", "k", new byte[1], options);
    assertThat(node.count("Put")).isEqualTo(3);
  }

  @Test
  void attemptsEnd() {
    for (int i = 0; i < 9; i++) {
      node.refuse("Put", FakeNode.connectionLost());
    }
    assertThatThrownBy(() -> client.put("b", "k", new byte[1]))
        .isInstanceOf(SkarbException.Unavailable.class);
    assertThat(node.count("Put")).isEqualTo(5);
  }

  @Test
  void fileThatChangesIsNotStored() throws Exception {
    Path file = folder.resolve("f");
    List<Executable> changes =
        List.of(
            () -> Files.write(file, new byte[1], StandardOpenOption.APPEND),
            () -> Files.write(file, new byte[5]),
            () -> Files.setLastModifiedTime(file, FileTime.fromMillis(1)));
    for (Executable change : changes) {
      Files.write(file, TestBytes.random(3 * MIB));
      AtomicBoolean changed = new AtomicBoolean();
      SkarbClient reading =
          node.client(config ->
              config.progress(bytes -> {
                if (!changed.getAndSet(true)) {
                  assertThatCode(change::execute).doesNotThrowAnyException();
                }
              }));
      assertThatThrownBy(() -> reading.put("b", "k", file))
          .isInstanceOfSatisfying(
              SkarbException.InvalidRequest.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.BODY_CHANGED));
      assertThat(changed).isTrue();
    }
    assertThat(node.objects.stored).isEmpty();
    assertThat(node.count("Upload")).isEqualTo(3);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void fileThatSaysItIsEmptyAndIsNotIsNotStored() throws Exception {
    Path file = Path.of("/proc/self/status");
    assertThat(Files.size(file)).isZero();
    assertThatThrownBy(() -> client.put("b", "k", file))
        .isInstanceOfSatisfying(
            SkarbException.InvalidRequest.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.BODY_CHANGED));
    assertThat(node.calls).isEmpty();
  }

  @Test
  void fileThatIsNotThereIsNoMatterOfTheServer() {
    assertThatThrownBy(() -> client.put("b", "k", folder.resolve("none")))
        .isInstanceOf(IOException.class);
    assertThat(node.calls).isEmpty();
  }
}
