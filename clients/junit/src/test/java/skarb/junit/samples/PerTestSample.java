package skarb.junit.samples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import skarb.client.SkarbClient;
import skarb.junit.SkarbExtension;

/// A server for each test, and two at once.
public class PerTestSample {
  @RegisterExtension
  final SkarbExtension here = SkarbExtension.builder().region("eu-north-1").build();

  @RegisterExtension final SkarbExtension there = new SkarbExtension();

  @RepeatedTest(2)
  void serverIsNew() {
    Seen.ENDPOINTS.add(here.s3Endpoint());
    Seen.ENDPOINTS.add(there.s3Endpoint());
    assertThat(here.region()).isEqualTo("eu-north-1");
    try (SkarbClient client = Clients.grpc(here);
        SkarbClient other = Clients.grpc(there)) {
      assertThat(client.listBuckets()).isEmpty();
      var _ = client.createBucket("same-name");
      var _ = other.createBucket("same-name");
    }
  }
}
