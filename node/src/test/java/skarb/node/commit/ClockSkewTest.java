package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// A wall clock that was set back far below the stamps that the store holds.
class ClockSkewTest {
  private static final long NOON = 1_000_000_000L;
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final PipelineHarness harness = new PipelineHarness();
  private int buckets;

  @AfterEach
  void close() throws IOException {
    harness.close();
  }

  private Committed write() {
    return harness.commit(Requests.createBucket(Requests.ANN, "bucket-" + buckets++));
  }

  private void writesAreRefused() {
    assertThatThrownBy(this::write)
        .isInstanceOfSatisfying(
            NodeException.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_CLOCK_SKEW);
              assertThat(refusal).hasMessageContaining("skarb clock reset");
            });
  }

  private Committed setBackByAnHour() {
    harness.wall.set(NOON + HOUR);
    Committed before = write();
    harness.wall.set(NOON);
    return before;
  }

  @Test
  void writesAreRefusedUntilTheWallClockHasCaughtUp() {
    Object _ = setBackByAnHour();
    writesAreRefused();
    harness.wall.set(NOON + HOUR - 60_000);
    assertThat(write().written()).isPresent();
  }

  @Test
  void onceAcceptedWritesGoOnAboveWhatThereIs() {
    Committed before = setBackByAnHour();
    assertThat(harness.pipeline.acceptClockAhead()).isTrue();
    assertThat(harness.pipeline.isClockAheadAccepted()).isTrue();

    Committed after = write();

    assertThat(after.written().orElseThrow().order())
        .isGreaterThan(before.written().orElseThrow().order());
    assertThat(harness.pipeline.acceptClockAhead()).as("accepted already").isFalse();
  }

  @Test
  void whatWasAcceptedIsOverOnceTheWallClockHasCaughtUp() {
    Object _ = setBackByAnHour();
    assertThat(harness.pipeline.acceptClockAhead()).isTrue();
    harness.wall.set(NOON + HOUR);
    assertThat(write().written()).isPresent();
    harness.wall.set(NOON);
    writesAreRefused();
  }

  @Test
  void aWallClockThatFallsFurtherBehindIsRefusedAgain() {
    Object _ = setBackByAnHour();
    assertThat(harness.pipeline.acceptClockAhead()).isTrue();
    assertThat(write().written()).isPresent();
    harness.wall.set(NOON - HOUR);
    writesAreRefused();
    harness.wall.set(NOON + HOUR / 2);
    assertThat(write().written()).isPresent();
    harness.wall.set(NOON);
    writesAreRefused();
  }

  @Test
  void nothingIsAcceptedWhereNothingIsRefused() {
    assertThat(write().written()).isPresent();
    assertThat(harness.pipeline.acceptClockAhead()).isFalse();
    assertThat(harness.pipeline.isClockAheadAccepted()).isFalse();
  }
}
