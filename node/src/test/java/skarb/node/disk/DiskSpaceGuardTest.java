package skarb.node.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import skarb.node.model.NodeException;
import skarb.testkit.disk.SimulatedFileSystem;
import skarb.testkit.time.VirtualTime;
import skarb.v1.ErrorReason;

class DiskSpaceGuardTest {
  private final SimulatedFileSystem disk = new SimulatedFileSystem();
  private final VirtualTime time = new VirtualTime();
  private final DiskSpaceGuard guard =
      new DiskSpaceGuard(disk.getPath("/"), 100, 1000, Duration.ofSeconds(1), time::nanoTime);

  @Test
  void whatFitsAboveTheMarginIsAdmitted() {
    disk.setUsableSpace(150);
    guard.admit(50);
    disk.setUsableSpace(100); // it was written
    assertRefused(1);
    disk.setUsableSpace(101);
    guard.admit(1);
  }

  @Test
  void whatWasAdmittedCountsBeforeItIsWritten() {
    disk.setUsableSpace(150);
    guard.admit(30);
    guard.admit(20);
    disk.setUsableSpace(100);
    assertRefused(1);
  }

  @Test
  void theDiskIsAskedAgainWhenTheAnswerIsOld() {
    disk.setUsableSpace(1000);
    guard.admit(1);
    disk.setUsableSpace(0); // somebody else's doing
    guard.admit(1);
    time.advance(Duration.ofSeconds(1));
    assertRefused(1);
  }

  @Test
  void theDiskIsAskedAgainWhenMuchWasAdmitted() {
    disk.setUsableSpace(1 << 20);
    guard.admit(600);
    disk.setUsableSpace(0);
    guard.admit(400);
    assertRefused(1);
  }

  @Test
  void itSaysHowMuchIsFree() {
    disk.setUsableSpace(77);
    assertThat(guard.usableBytes()).isEqualTo(77);
  }

  private void assertRefused(long bytes) {
    assertThatThrownBy(() -> guard.admit(bytes))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DISK_FULL));
  }
}
