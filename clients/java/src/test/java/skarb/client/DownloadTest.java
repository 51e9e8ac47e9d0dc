package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.Checksums;

class DownloadTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private final FakeNode node;
  private final SkarbClient client;

  DownloadTest() throws Exception {
    node = new FakeNode();
    client = node.client();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private byte[] store(String key, int size) {
    byte[] body = TestBytes.random(size);
    node.objects.store(key, body);
    return body;
  }

  @Test
  void bodiesComeBackAsFileBytesAndStream() throws Exception {
    for (int size : new int[] {0, 1, 65_536, 2 * MIB + 3}) {
      byte[] body = store("k" + size, size);
      Path file = folder.resolve("f" + size);
      assertThat(client.get("b", "k" + size, file).size()).isEqualTo(size);
      assertThat(file).hasBinaryContent(body);
      assertThat(client.getBytes("b", "k" + size)).isEqualTo(body);
      try (ObjectStream stream = client.open("b", "k" + size)) {
        assertThat(stream.info().key()).isEqualTo("k" + size);
        assertThat(stream.readAllBytes()).isEqualTo(body);
        assertThat(stream.read()).isEqualTo(-1);
      }
    }
    assertThat(files()).hasSize(4);
  }

  @Test
  void replacedFilePassesItsPermissionsOn() throws Exception {
    byte[] body = store("k", MIB);
    Path file = Files.createFile(folder.resolve("f"));
    List<Set<PosixFilePermission>> meanwhile = new CopyOnWriteArrayList<>();
    SkarbClient watching =
        node.client(config ->
            config.progress(bytes -> {
              try {
                for (Path each : files()) {
                  if (!each.equals(file)) {
                    meanwhile.add(Files.getPosixFilePermissions(each));
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }));
    for (String permissions : List.of("rw-------", "rw-rw-r--", "r-xr-x---")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      watching.get("b", "k", file);
      assertThat(file).hasBinaryContent(body);
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString(permissions));
    }
    assertThat(meanwhile).isNotEmpty().containsOnly(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void newFileAndOneInPlaceOfALinkHaveThePermissionsOfAnyOther() throws Exception {
    store("k", 10);
    Path other = Files.writeString(folder.resolve("other"), "linked");
    Set<PosixFilePermission> usual = Files.getPosixFilePermissions(other);
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), other);
    for (Path target : List.of(folder.resolve("new"), link)) {
      client.get("b", "k", target);
      assertThat(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(Files.getPosixFilePermissions(target)).isEqualTo(usual);
    }
    assertThat(other).hasContent("linked");
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void rangeIsReadAndTold() throws Exception {
    byte[] body = store("k", 300_000);
    GetOptions options = GetOptions.none().withRange(ByteRange.between(5, 200_004));
    try (ObjectStream stream = client.open("b", "k", options)) {
      assertThat(stream.range()).isEqualTo(new ContentRange(5, 200_000));
      assertThat(ByteString.copyFrom(stream.readAllBytes()))
          .isEqualTo(ByteString.copyFrom(body, 5, 200_000));
    }
  }

  @Test
  void brokenDownloadGoesOnWhereItBroke() throws Exception {
    byte[] body = store("k", 2 * MIB);
    node.objects.breaking.set(3);
    Path file = folder.resolve("f");
    client.get("b", "k", file);
    assertThat(file).hasBinaryContent(body);
    assertThat(node.objects.gets).hasSize(4);
    assertThat(node.objects.gets.get(1).getRange().getFirst()).isEqualTo(MIB);
    assertThat(node.objects.gets.get(1).getConditions().getIfMatch().getEtagsList()).hasSize(1);
  }

  @Test
  void brokenRangeGoesOnWithinTheRange() {
    byte[] body = store("k", 600_000);
    node.objects.breaking.set(1);
    byte[] part =
        client.getBytes("b", "k", GetOptions.none().withRange(ByteRange.between(100, 500_099)));
    assertThat(ByteString.copyFrom(part)).isEqualTo(ByteString.copyFrom(body, 100, 500_000));
    assertThat(node.objects.gets.get(1).getRange().getLast()).isEqualTo(500_099);
  }

  @Test
  void frameDamagedOnItsWayIsFetchedAgain() {
    byte[] body = store("k", MIB);
    node.objects.damaging.set(2);
    assertThat(client.getBytes("b", "k")).isEqualTo(body);
    assertThat(node.objects.gets).hasSize(3);
  }

  @Test
  void bodyWithoutItsChecksumIsNeverGiven() throws Exception {
    byte[] body = TestBytes.random(MIB);
    Checksums others = FakeObjects.crc32c(new byte[] {1});
    node.objects.store("k", body, others);
    Path file = Files.writeString(folder.resolve("f"), "before");
    assertThatThrownBy(() -> client.get("b", "k", file))
        .isInstanceOfSatisfying(
            SkarbException.DataDamaged.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DATA_DAMAGED));
    assertThat(file).hasContent("before");
    assertThat(files()).containsExactly(file);
    try (ObjectStream stream = client.open("b", "k")) {
      assertThatThrownBy(stream::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasCauseInstanceOf(SkarbException.DataDamaged.class);
    }
    assertThat(client.getBytes("b", "k", GetOptions.none().withRange(ByteRange.between(0, 9))))
        .hasSize(10);
  }

  @Test
  void longBodyDoesNotGoIntoMemory() {
    store("k", 1001);
    assertThatThrownBy(() -> client.getBytes("b", "k", 1000, GetOptions.none()))
        .isInstanceOfSatisfying(
            SkarbException.InvalidRequest.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.LARGER_THAN_LIMIT));
    assertThat(client.getBytes("b", "k", 1001, GetOptions.none())).hasSize(1001);
  }

  @Test
  void slowReaderHoldsTheServer() throws Exception {
    store("k", 64 * FakeObjects.FRAME);
    try (ObjectStream stream = client.open("b", "k")) {
      for (int frame = 1; frame <= 64; frame++) {
        assertThat(stream.readNBytes(FakeObjects.FRAME)).hasSize(FakeObjects.FRAME);
        assertThat(node.objects.framesSent.get())
            .isLessThanOrEqualTo(frame + DownloadCall.FRAMES_AHEAD + 2);
      }
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void closedStreamReadsNoMore() throws Exception {
    store("k", 2 * MIB);
    ObjectStream stream = client.open("b", "k");
    assertThat(stream.read()).isNotNegative();
    stream.close();
    stream.skipNBytes(stream.available());
    assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNotThereIsNotFoundAndLeavesNothing() throws Exception {
    assertThatThrownBy(() -> client.get("b", "k", folder.resolve("f")))
        .isInstanceOf(SkarbException.NotFound.class);
    assertThatThrownBy(() -> client.open("b", "k")).isInstanceOf(SkarbException.NotFound.class);
    assertThat(files()).isEmpty();
  }

  @Test
  void attemptsThatBringNothingEnd() {
    store("k", 10);
    for (int i = 0; i < 9; i++) {
      node.refuse("Get", FakeNode.error(Status.Code.UNAVAILABLE, "SHUTTING_DOWN"));
    }
    assertThatThrownBy(() -> client.getBytes("b", "k"))
        .isInstanceOf(SkarbException.Unavailable.class);
    assertThat(node.count("Get")).isEqualTo(5);
  }
}
