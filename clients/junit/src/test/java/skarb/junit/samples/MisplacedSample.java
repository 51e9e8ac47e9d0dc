package skarb.junit.samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import skarb.junit.SkarbBucket;
import skarb.junit.SkarbExtension;

@ExtendWith(SkarbExtension.class)
public class MisplacedSample {
  @SkarbBucket private final StringBuilder bucket = new StringBuilder();

  @Test
  void isNotReached() {
    Seen.BUCKETS.add(bucket.toString());
  }
}
