package skarb.client;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// One page of a listing, and the way to the next. Immutable.
///
/// @param <T> what is listed
public final class Page<T> {
  private final List<T> entries;
  private final @Nullable Supplier<CompletableFuture<Page<T>>> next;

  /// @param next asks for the next page; null on the last
  Page(List<T> entries, @Nullable Supplier<CompletableFuture<Page<T>>> next) {
    this.entries = List.copyOf(entries);
    this.next = next;
  }

  /// What is on it. A page other than the last may be empty.
  public List<T> entries() {
    return entries;
  }

  /// Whether there is another.
  public boolean hasNext() {
    return next != null;
  }

  /// Asks for the next page.
  ///
  /// @throws NoSuchElementException on the last
  public CompletableFuture<Page<T>> next() {
    if (next == null) {
      throw new NoSuchElementException("this is the last page");
    }
    return next.get();
  }

  /// All entries of all pages; a page is asked for when the entries of the one before are used up.
  static <T> Stream<T> stream(Supplier<CompletableFuture<Page<T>>> first) {
    Iterator<T> entries =
        new Iterator<>() {
          private @Nullable Page<T> page;
          private Iterator<T> left = List.<T>of().iterator();

          @Override
          public boolean hasNext() {
            while (!left.hasNext()) {
              Page<T> known = page;
              if (known != null && !known.hasNext()) {
                return false;
              }
              Page<T> following = Futures.await(known == null ? first.get() : known.next());
              page = following;
              left = following.entries().iterator();
            }
            return true;
          }

          @Override
          public T next() {
            if (!hasNext()) {
              throw new NoSuchElementException();
            }
            return left.next();
          }
        };
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(entries, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }
}
