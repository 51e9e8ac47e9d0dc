package skarb.junit.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import skarb.client.SkarbClient;
import skarb.junit.SkarbBucket;
import skarb.junit.SkarbExtension;

/// Two classes whose tests run at once, all of them on the one server of their base class.
public abstract class ParallelSample {
  @RegisterExtension static final SkarbExtension SKARB = SkarbExtension.builder().build();

  private static final CyclicBarrier ALL = new CyclicBarrier(4);

  public static class First extends ParallelSample {}

  public static class Second extends ParallelSample {}

  @SkarbBucket private String bucket;

  @RepeatedTest(2)
  void testsAtOnceDoNotMeet(RepetitionInfo repetition) throws Exception {
    int _ = ALL.await(30, TimeUnit.SECONDS);
    Seen.ENDPOINTS.add(SKARB.s3Endpoint());
    Seen.BUCKETS.add(bucket);
    byte[] body = ("" + repetition.getCurrentRepetition()).getBytes(StandardCharsets.UTF_8);
    try (SkarbClient client = Clients.grpc(SKARB)) {
      assertThat(client.list(bucket)).isEmpty();
      var _ = client.put(bucket, "same", body);
      int _ = ALL.await(30, TimeUnit.SECONDS);
      assertThat(client.getBytes(bucket, "same")).isEqualTo(body);
    }
  }
}
