package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import skarb.junit.samples.BucketsSample;
import skarb.junit.samples.FailingSample;
import skarb.junit.samples.MisplacedSample;
import skarb.junit.samples.ParallelSample;
import skarb.junit.samples.PerTestSample;
import skarb.junit.samples.Seen;

/// Test classes with the extension, run as a whole, and what is left of them.
class SkarbExtensionTest {
  private final Leftovers leftovers = new Leftovers();

  @BeforeEach
  void forget() {
    Seen.clear();
  }

  private static EngineExecutionResults run(Class<?> sample) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(sample)).execute();
  }

  private static void assertSucceeded(EngineExecutionResults results, int tests) {
    results.allEvents().failed().stream()
        .findFirst()
        .ifPresent(failed -> assertThat(failed.toString()).isEmpty());
    results.testEvents().assertStatistics(all -> all.succeeded(tests));
  }

  @Test
  void failedTestLeavesNothing() {
    run(FailingSample.class)
        .testEvents()
        .assertThatEvents()
        .haveExactly(1, event(finishedWithFailure(message("meant to fail"))));
    assertThat(Seen.ENDPOINTS).hasSize(1);
    leftovers.assertNone(Seen.ENDPOINTS);
  }

  @Test
  void everyTestHasBucketsOfItsOwn() {
    assertSucceeded(run(BucketsSample.class), 5);
    assertThat(Seen.BUCKETS).hasSize(4).doesNotHaveDuplicates();
    leftovers.assertNone(Seen.ENDPOINTS);
  }

  @Test
  void classesInParallelShareTheServerOfTheirBaseClass() {
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter")
            .selectors(
                selectClass(ParallelSample.First.class), selectClass(ParallelSample.Second.class))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
            .execute();
    assertSucceeded(results, 4);
    assertThat(Seen.ENDPOINTS).hasSize(4).containsOnly(Seen.ENDPOINTS.getFirst());
    assertThat(Seen.BUCKETS).hasSize(4).doesNotHaveDuplicates();
    leftovers.assertNone(Seen.ENDPOINTS);
  }

  @Test
  void extensionInAFieldOfTheInstanceStartsAServerForEachTest() {
    assertSucceeded(run(PerTestSample.class), 2);
    assertThat(Seen.ENDPOINTS).hasSize(4);
    leftovers.assertNone(Seen.ENDPOINTS);
  }

  @Test
  void bucketInAFieldThatCannotHoldItIsRefused() {
    run(MisplacedSample.class)
        .testEvents()
        .assertThatEvents()
        .haveExactly(
            1,
            event(
                finishedWithFailure(
                    instanceOf(ExtensionConfigurationException.class),
                    message(text -> text.contains("String fields that are not final")))));
    assertThat(Seen.BUCKETS).isEmpty();
    leftovers.assertNone(Seen.ENDPOINTS);
  }

  @Test
  void withoutAServerItSaysWhenThereIsOne() {
    SkarbExtension skarb = SkarbExtension.builder().build();
    assertThatThrownBy(skarb::s3Endpoint)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no Skarb runs");
    assertThatThrownBy(skarb::secretKey).isInstanceOf(IllegalStateException.class);
  }
}
