package skarb.cli.objects;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import skarb.client.CopyOptions;
import skarb.client.CopySource;
import skarb.client.GetOptions;
import skarb.client.ObjectInfo;
import skarb.client.ObjectStream;
import skarb.client.PutOptions;
import skarb.client.Reason;
import skarb.client.SkarbClient;
import skarb.client.SkarbException;

/// Moves bodies, so many at once. What fails is said, and the others go on. Files get their names
/// once they are whole. One thread begins copies and closes this.
final class Copies implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  private final SkarbClient client;
  private final Progress progress;
  private final Troubles troubles;
  private final Semaphore places;
  private final AtomicLong copied = new AtomicLong();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread hook = Thread.ofPlatform().name("skarb-stop").unstarted(this::stop);

  Copies(SkarbClient client, int atOnce, Progress progress, Troubles troubles) {
    this.client = client;
    this.places = new Semaphore(atOnce);
    this.progress = progress;
    this.troubles = troubles;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Begins one, once there is a place for it.
  ///
  /// @param size bytes that are known to come, for the display
  void begin(Copy copy, long size) throws InterruptedException {
    progress.expect(size);
    places.acquire();
    if (threads.isShutdown()) {
      throw new InterruptedException("the process ends");
    }
    threads.execute(() -> {
      try {
        move(copy);
        copied.incrementAndGet();
      } catch (IOException | RuntimeException e) {
        troubles.add(copy.from(), e);
      } finally {
        places.release();
      }
    });
  }

  /// How many were copied.
  long copied() {
    return copied.get();
  }

  private void move(Copy copy) throws IOException {
    switch (copy) {
      case Copy.Upload(Path source, StorePath target) -> {
        var _ = client.put(target.bucket(), target.key(), source, described(target.name()));
      }
      case Copy.FromInput(StorePath target) -> {
        var _ = client.put(target.bucket(), target.key(), System.in, described(target.name()));
      }
      case Copy.Download(StorePath source, Optional<String> version, Path target) -> {
        var _ = client.get(source.bucket(), source.key(), target, ofVersion(version));
      }
      case Copy.ToOutput(StorePath source, Optional<String> version) -> {
        try (ObjectStream body = client.open(source.bucket(), source.key(), ofVersion(version))) {
          long _ = StandardStreams.write(body);
        }
      }
      case Copy.Within(StorePath source, Optional<String> version, StorePath target) ->
          within(source, version, target);
    }
  }

  private static PutOptions described(String name) {
    String type = URLConnection.guessContentTypeFromName(name);
    return type == null ? PutOptions.none() : PutOptions.none().withContentType(type);
  }

  private static GetOptions ofVersion(Optional<String> version) {
    return version.map(id -> GetOptions.none().withVersion(id)).orElseGet(GetOptions::none);
  }

  /// In the server, except for bodies that are too long for one copy: those go through here.
  private void within(StorePath source, Optional<String> version, StorePath target)
      throws IOException {
    CopySource from = CopySource.of(source.bucket(), source.key());
    try {
      var _ =
          client.copy(
              version.map(from::withVersion).orElse(from),
              target.bucket(),
              target.key(),
              CopyOptions.none());
    } catch (SkarbException e) {
      if (e.reason() != Reason.COPY_SOURCE_TOO_LARGE) {
        throw e;
      }
      try (ObjectStream body = client.open(source.bucket(), source.key(), ofVersion(version))) {
        ObjectInfo object = body.info();
        var _ =
            client.put(
                target.bucket(),
                target.key(),
                body,
                object.size(),
                PutOptions.none().withHeaders(object.headers()).withMetadata(object.metadata()));
      }
    }
  }

  /// Waits for those that were begun.
  @Override
  public void close() {
    threads.close();
    forget();
  }

  private void forget() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process ends already, and the hook runs
    }
  }

  /// Ctrl-C: interrupted calls let go of their partial files and uploads.
  private void stop() {
    var _ = threads.shutdownNow();
    try {
      boolean _ = threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
