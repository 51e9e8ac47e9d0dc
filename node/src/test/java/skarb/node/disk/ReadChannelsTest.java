package skarb.node.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadChannelsTest {
  @TempDir Path directory;

  @Test
  void aChannelIsSharedAndTheLeastRecentlyUsedIsClosed() throws IOException {
    List<FileChannel> seen = new ArrayList<>();
    try (ReadChannels channels = new ReadChannels(2)) {
      for (String name : List.of("a", "b", "a", "c")) {
        channels.with(file(name), seen::add);
      }

      assertThat(seen.get(0)).isSameAs(seen.get(2));
      assertThat(seen).extracting(FileChannel::isOpen).containsExactly(true, false, true, true);
    }
    assertThat(seen).noneMatch(FileChannel::isOpen);
  }

  @Test
  void aChannelInUseIsNotClosed() throws IOException {
    try (ReadChannels channels = new ReadChannels(1)) {
      FileChannel outer =
          channels.with(
              file("a"),
              channel -> {
                channels.with(file("b"), FileChannel::size);
                channels.with(file("c"), FileChannel::size);
                channels.forget(file("a"));
                assertThat(channel.size()).isEqualTo(1);
                return channel;
              });

      assertThat(outer.isOpen()).isFalse();
    }
  }

  @Test
  void readersSurviveTheInterruptOfAnother() throws IOException {
    try (ReadChannels channels = new ReadChannels(1)) {
      List<FileChannel> seen = new ArrayList<>();
      long size =
          channels.with(
              file("a"),
              channel -> {
                seen.add(channel);
                if (seen.size() == 1) {
                  channel.close(); // what an interrupt of another reader does
                }
                return channel.size();
              });

      assertThat(size).isEqualTo(1);
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void theOneThatIsInterruptedHearsOfIt() throws IOException {
    try (ReadChannels channels = new ReadChannels(1)) {
      Path file = file("a");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> channels.with(file, c -> c.read(ByteBuffer.allocate(1), 0)))
          .isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void nothingIsOpenedAfterItWasClosed() throws IOException {
    ReadChannels channels = new ReadChannels(1);
    channels.close();
    channels.close();

    assertThatThrownBy(() -> channels.with(file("a"), FileChannel::size))
        .isInstanceOf(ClosedChannelException.class);
  }

  private Path file(String name) throws IOException {
    return Files.write(directory.resolve(name), new byte[1]);
  }
}
