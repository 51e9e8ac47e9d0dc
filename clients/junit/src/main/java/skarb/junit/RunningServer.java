package skarb.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A server on a temporary folder of its own. Closing it stops the one and deletes the other.
final class RunningServer implements Skarb {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final IsolatedServer server;
  private final String accessKey;
  private final String secretKey;
  private final String region;
  private final InstantSource clock;

  private RunningServer(
      Path folder,
      IsolatedServer server,
      String accessKey,
      String secretKey,
      String region,
      InstantSource clock) {
    this.folder = folder;
    this.server = server;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.region = region;
    this.clock = clock;
  }

  /// Starts one: when this returns, it serves.
  static RunningServer start(String region, InstantSource clock) {
    ClassLoader classes;
    try {
      classes = ServerClasses.loader();
    } catch (IOException | RuntimeException e) {
      throw didNotStart(e);
    }
    return start(classes, region, clock);
  }

  /// @param classes the server's
  static RunningServer start(ClassLoader classes, String region, InstantSource clock) {
    String accessKey = "TEST" + random(8);
    String secretKey = random(20);
    Path folder = null;
    try {
      folder = Files.createTempDirectory("skarb-junit-");
      return new RunningServer(
          folder,
          IsolatedServer.start(
              classes, folder.resolve("data"), region, accessKey, secretKey, clock),
          accessKey,
          secretKey,
          region,
          clock);
    } catch (IOException | RuntimeException e) {
      IllegalStateException failure = didNotStart(e);
      deleteAfter(failure, folder);
      throw failure;
    } catch (Error e) { // a library that does not load
      deleteAfter(e, folder);
      throw e;
    }
  }

  private static IllegalStateException didNotStart(Exception cause) {
    return new IllegalStateException("Skarb did not start: " + cause.getMessage(), cause);
  }

  private static void deleteAfter(Throwable failure, @Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static String random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  @Override
  public URI s3Endpoint() {
    return server.s3Endpoint();
  }

  @Override
  public URI grpcEndpoint() {
    return server.grpcEndpoint();
  }

  @Override
  public String accessKey() {
    return accessKey;
  }

  @Override
  public String secretKey() {
    return secretKey;
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public String token() {
    return server.token();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  /// Where it keeps its files.
  Path folder() {
    return folder;
  }

  /// Makes a bucket with a name of its own.
  String newBucket(boolean versioned) {
    String name = "test-" + UUID.randomUUID();
    server.createBucket(name, versioned);
    return name;
  }

  /// Deletes a bucket with what is in it, if it is still there.
  void deleteBucket(String name) {
    server.deleteBucket(name);
  }

  void close() {
    try {
      try {
        server.close();
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Skarb did not stop cleanly: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "Skarb[s3=" + s3Endpoint() + ", grpc=" + grpcEndpoint() + "]";
  }
}
