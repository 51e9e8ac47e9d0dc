package skarb.node.commit;

import java.util.concurrent.CompletableFuture;

/// A submission in the queue, and where its caller waits.
final class Ticket {
  private final Submission submission;
  private final long estimatedBytes;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

  Ticket(Submission submission) {
    this.submission = submission;
    this.estimatedBytes = submission.estimatedBytes();
  }

  Submission submission() {
    return submission;
  }

  long estimatedBytes() {
    return estimatedBytes;
  }

  /// Lets the caller go.
  void answer(Outcome result) {
    outcome.complete(result);
  }

  /// Waits for the answer. An interrupt does not end the wait, since the mutation would be
  /// committed all the same; it stays noted on the thread.
  Outcome await() {
    return outcome.join();
  }
}
