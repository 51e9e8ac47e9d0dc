package skarb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark runs: once, in this JVM. What it takes means nothing.
class BenchmarksRunTest {
  @Test
  void eachRunsOnceWithEachOfItsParameters() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .mode(Mode.SingleShotTime)
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    assertThat(
            results.stream()
                .map(result -> result.getParams().getBenchmark())
                .map(name -> name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1))
                .collect(Collectors.groupingBy(name -> name, Collectors.counting())))
        .containsOnly(
            Map.entry("ChecksumBenchmark.crc32c", 2L),
            Map.entry("ChecksumBenchmark.crc64nvme", 2L),
            Map.entry("ChecksumBenchmark.sha256", 2L),
            Map.entry("JournalFrameBenchmark.decodeAndCheck", 2L),
            Map.entry("JournalFrameBenchmark.encode", 2L),
            Map.entry("ListingBenchmark.commonPrefixes", 2L),
            Map.entry("ListingBenchmark.keys", 2L),
            Map.entry("SignatureBenchmark.chunk", 1L),
            Map.entry("SignatureBenchmark.headers", 1L),
            Map.entry("XmlBenchmark.readCompleteUpload", 1L),
            Map.entry("XmlBenchmark.readDelete", 1L),
            Map.entry("XmlBenchmark.writeListing", 1L));
  }
}
