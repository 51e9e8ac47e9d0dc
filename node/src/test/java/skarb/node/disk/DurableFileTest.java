package skarb.node.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path directory;

  @Test
  void appendsGoToTheEndAndLeaveTheBuffersAsTheyAre() throws IOException {
    Path path = directory.resolve("file");
    ByteBuffer first = ascii("skarb");
    try (DurableFile file = DurableFile.create(path)) {
      assertThat(file.append(List.of(first, ascii("-"), ByteBuffer.allocate(0)))).isZero();
      file.force();
    }
    try (DurableFile file = DurableFile.open(path)) {
      assertThat(file.append(List.of(first))).isEqualTo(6);
      file.write(0, List.of(ascii("S")));
      file.writeZeroes(11, 2);
      assertThat(file.length()).isEqualTo(13);
      file.truncate(12);
      file.force();
    }

    assertThat(path).hasContent("Skarb-skarb\0");
    assertThat(first.position()).isZero();
  }

  @Test
  void manyBuffersAreWrittenWhole() throws IOException {
    Path path = directory.resolve("file");
    try (DurableFile file = DurableFile.create(path)) {
      // More than one system call takes.
      file.append(IntStream.range(0, 3000).mapToObj(i -> ascii("%04d".formatted(i))).toList());
    }

    assertThat(Files.size(path)).isEqualTo(12_000);
    assertThat(Files.readString(path)).endsWith("29982999");
  }

  @Test
  void holesAreRefused() throws IOException {
    try (DurableFile file = DurableFile.create(directory.resolve("file"))) {
      assertThatThrownBy(() -> file.write(1, List.of(ascii("x"))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theFirstFailureIsTheLast() throws IOException {
    DurableFile file = DurableFile.create(directory.resolve("file"));
    file.append(List.of(ascii("x")));
    file.close();

    assertThatThrownBy(file::force).hasMessageContaining("force failed");
    assertThatThrownBy(file::force).hasMessageContaining("failed before, and that is final");
    assertThatThrownBy(() -> file.append(List.of(ascii("y"))))
        .hasMessageContaining("failed before, and that is final");
    assertThatThrownBy(() -> file.truncate(0)).hasMessageContaining("failed before");
  }

  @Test
  void aDirectoryCanBeForced() throws IOException {
    DirectorySync.force(directory);

    assertThatThrownBy(() -> DirectorySync.force(directory.resolve("absent")))
        .isInstanceOf(IOException.class);
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }
}
