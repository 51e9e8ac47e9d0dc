package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;

/// A read of what is overwritten, before its bytes came, just as it is looked for.
class ObjectFinderTest {
  private static final EntryDot OLD = entry(1);
  private static final EntryDot NEW = entry(2);

  private final List<EntryDot> asked = new ArrayList<>();
  private EntryDot current = OLD;

  @Test
  void whatIsHereIsFoundAtOnce() {
    assertThat(find(false, false)).isEqualTo(OLD);
    assertThat(asked).containsExactly(OLD);
  }

  @Test
  void whatIsOverwrittenWhileItIsWaitedForIsNotServed() {
    assertThat(find(true, true)).isEqualTo(NEW);
    assertThat(asked).containsExactly(OLD, NEW);
  }

  /// Nobody wants the old one's bytes any more, which never came.
  @Test
  void whatIsOverwrittenBetweenLookingAndAskingIsNotServed() {
    assertThat(find(true, false)).isEqualTo(NEW);
    assertThat(asked).containsExactly(OLD, NEW);
  }

  @Test
  void whatWasWaitedForIsAskedForOnceMore() {
    assertThat(find(false, true)).isEqualTo(OLD);
    assertThat(asked).containsExactly(OLD, OLD);
  }

  private EntryDot find(boolean isOverwritten, boolean waits) {
    return ObjectFinder.settled(
        () -> current,
        Function.identity(),
        entry -> {
          boolean first = asked.isEmpty();
          asked.add(entry);
          if (first && isOverwritten) {
            current = NEW;
          }
          return first && waits;
        });
  }

  private static EntryDot entry(long sequence) {
    return new EntryDot(OriginId.of(new SiteId(1), 1), sequence);
  }
}
