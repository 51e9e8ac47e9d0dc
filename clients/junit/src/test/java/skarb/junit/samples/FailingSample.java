package skarb.junit.samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import skarb.client.SkarbClient;
import skarb.junit.Skarb;
import skarb.junit.SkarbBucket;
import skarb.junit.SkarbExtension;

@ExtendWith(SkarbExtension.class)
public class FailingSample {
  @Test
  void leavesAnObjectAndFails(Skarb skarb, @SkarbBucket String bucket) {
    Seen.ENDPOINTS.add(skarb.s3Endpoint());
    Seen.BUCKETS.add(bucket);
    try (SkarbClient client = Clients.grpc(skarb)) {
      var _ = client.put(bucket, "left", new byte[100_000]);
    }
    throw new AssertionError("meant to fail");
  }
}
