package skarb.junit.samples;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the samples saw, for the tests that run them.
public final class Seen {
  /// The S3 endpoint that each test found, in order.
  public static final List<URI> ENDPOINTS = new CopyOnWriteArrayList<>();

  /// The buckets that tests were given.
  public static final List<String> BUCKETS = new CopyOnWriteArrayList<>();

  private Seen() {}

  public static void clear() {
    ENDPOINTS.clear();
    BUCKETS.clear();
  }
}
