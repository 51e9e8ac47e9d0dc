package skarb.cli.wiring;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What must be done to the end: one step that fails keeps none of the others from being taken.
final class Steps {
  private Steps() {}

  /// One of them.
  interface Step {
    void take() throws IOException;
  }

  /// Takes all, in order.
  ///
  /// @throws IOException the first failure, the others suppressed in it; so for what is unchecked
  static void all(Step... steps) throws IOException {
    Exception first = null;
    for (Step step : steps) {
      try {
        step.take();
      } catch (IOException | RuntimeException e) {
        first = with(first, e);
      }
    }
    if (first instanceof IOException io) {
      throw io;
    }
    if (first instanceof RuntimeException unchecked) {
      throw unchecked;
    }
  }

  private static Exception with(@Nullable Exception first, Exception next) {
    if (first == null) {
      return next;
    }
    first.addSuppressed(next);
    return first;
  }
}
