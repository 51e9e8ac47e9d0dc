package skarb.node.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What reaches the disk and in which order, to be reviewed as text. A change of the trace is a
/// change of what survives a crash.
class JournalTraceTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void theOrderOfWritesAndForcesIsTheReviewedOne() throws IOException {
    JournalFixture fixture = new JournalFixture(new JournalConfig(20 << 10, true));
    fixture.disk.clearTrace();
    FileJournal journal = fixture.open();
    note(fixture, "a new journal");
    journal.append(1, List.of(ByteString.copyFromUtf8("small")), List.of());
    note(fixture, "a small batch");
    journal.append(2, List.of(), List.of(JournalFixture.chunk("a body")));
    note(fixture, "a small batch with a body; the file is half full, the next one is made ahead");
    journal.append(3, List.of(ByteString.copyFromUtf8("small")), List.of());
    note(fixture, "the file is full: its footer, then the batch in the next file");
    journal.append(4, List.of(ByteString.copyFrom(new byte[20_000])), List.of());
    note(fixture, "a batch larger than a file: a footer, a larger file");
    journal.close();
    note(fixture, "a clean stop");
    journal = fixture.open();
    note(fixture, "start after a clean stop");
    journal.append(5, List.of(ByteString.copyFromUtf8("small")), List.of());
    note(fixture, "a small batch; there is no room");
    fixture.disk.crashKeepingUnforced();
    journal = fixture.open();
    note(fixture, "start after a crash");
    assertThat(journal.lastBatch()).isEqualTo(5);

    assertThat(String.join("\n", lines) + "\n").isEqualTo(golden());
  }

  private void note(JournalFixture fixture, String what) {
    lines.add("# " + what);
    lines.addAll(fixture.disk.trace());
    fixture.disk.clearTrace();
  }

  private static String golden() throws IOException {
    try (InputStream stream = JournalTraceTest.class.getResourceAsStream("/traces/journal.txt")) {
      return new String(Objects.requireNonNull(stream).readAllBytes(), UTF_8);
    }
  }
}
