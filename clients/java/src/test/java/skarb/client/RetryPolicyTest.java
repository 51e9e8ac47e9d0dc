package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skarb.v1.BucketsGrpc;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;

class RetryPolicyTest {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMillis(700);

  private final RetryPolicy policy = new RetryPolicy(4, FIRST, LONGEST, new Random(7));

  @Test
  void pausesDoubleUpToTheLongestAndAreJittered() {
    long[] bounds = {100, 200, 400, 700, 700};
    for (int attempt = 1; attempt <= bounds.length; attempt++) {
      Duration most = Duration.ofMillis(bounds[attempt - 1]);
      for (int draw = 0; draw < 200; draw++) {
        assertThat(policy.pauseAfter(attempt)).isBetween(most.dividedBy(2), most);
      }
    }
    assertThat(policy.pauseAfter(1)).isNotEqualTo(policy.pauseAfter(1));
  }

  @Test
  void lastAttemptIsTheLast() {
    assertThat(policy.mayTryAgain(Repeat.ALWAYS, failure(Reason.OVERLOADED), 3)).isTrue();
    assertThat(policy.mayTryAgain(Repeat.ALWAYS, failure(Reason.OVERLOADED), 4)).isFalse();
  }

  @Test
  void whatMayNotBeRepeatedIsNot() {
    assertThat(policy.mayTryAgain(Repeat.NEVER, failure(Reason.OVERLOADED), 1)).isFalse();
    assertThat(policy.mayTryAgain(Repeat.NEVER, failure(Reason.CONNECTION_FAILED), 1)).isFalse();
  }

  @Test
  void writeUnderAConditionIsRepeatedOnlyWhereNothingWasDone() {
    assertThat(policy.mayTryAgain(Repeat.IF_REFUSED, failure(Reason.OVERLOADED), 1)).isTrue();
    assertThat(policy.mayTryAgain(Repeat.IF_REFUSED, failure(Reason.KEY_CHANGED), 1)).isTrue();
    assertThat(policy.mayTryAgain(Repeat.IF_REFUSED, failure(Reason.CONNECTION_FAILED), 1))
        .isFalse();
    assertThat(policy.mayTryAgain(Repeat.ALWAYS, failure(Reason.CONNECTION_FAILED), 1)).isTrue();
  }

  @Test
  void whatWillNotPassIsNotRepeated() {
    for (Reason reason :
        new Reason[] {
          Reason.NO_SUCH_KEY,
          Reason.READ_ONLY,
          Reason.DISK_FULL,
          Reason.DEADLINE_EXCEEDED,
          Reason.DATA_DAMAGED,
          Reason.UNKNOWN,
          Reason.CANCELLED
        }) {
      assertThat(policy.mayTryAgain(Repeat.ALWAYS, failure(reason), 1)).as("%s", reason).isFalse();
    }
  }

  @Test
  void methodsAreRepeatedAsTheProtocolSays() {
    assertThat(Repeat.of(ObjectsGrpc.getHeadMethod())).isEqualTo(Repeat.ALWAYS);
    assertThat(Repeat.of(ObjectsGrpc.getPutMethod())).isEqualTo(Repeat.ALWAYS);
    assertThat(Repeat.of(MultipartGrpc.getCompleteMethod())).isEqualTo(Repeat.ALWAYS);
    assertThat(Repeat.of(MultipartGrpc.getCreateMethod())).isEqualTo(Repeat.NEVER);
    assertThat(Repeat.of(BucketsGrpc.getCreateMethod())).isEqualTo(Repeat.NEVER);
    assertThat(Repeat.of(BucketsGrpc.getDeleteMethod())).isEqualTo(Repeat.NEVER);
  }

  private static SkarbException failure(Reason reason) {
    return SkarbException.local(reason, StatusCode.UNKNOWN, "for a test");
  }
}
