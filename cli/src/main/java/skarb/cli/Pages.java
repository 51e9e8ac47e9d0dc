package skarb.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What a listing by pages gives, up to a limit.
///
/// @param shown the first ones, at most as many as were asked for
/// @param more whether there are further ones
record Pages<T>(List<T> shown, boolean more) {

  /// One page.
  ///
  /// @param nextToken empty on the last one
  record Page<T>(List<T> items, String nextToken) {}

  /// Asks for pages until there are enough, or no more.
  ///
  /// @param page asks for the page of a token; the first one's is empty
  static <T> Pages<T> upTo(int limit, Function<String, Page<T>> page) {
    List<T> found = new ArrayList<>();
    String token = "";
    do {
      Page<T> next = page.apply(token);
      found.addAll(next.items());
      token = next.nextToken();
    } while (!token.isEmpty() && found.size() < limit);
    return new Pages<>(
        List.copyOf(found.subList(0, Math.min(limit, found.size()))),
        !token.isEmpty() || found.size() > limit);
  }
}
