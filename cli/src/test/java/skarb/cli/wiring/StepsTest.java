package skarb.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepsTest {
  private final List<String> taken = new ArrayList<>();

  private Steps.Step failing(String name, RuntimeException failure) {
    return () -> {
      taken.add(name);
      throw failure;
    };
  }

  @Test
  void aStepThatFailsKeepsNoOtherFromBeingTaken() {
    IllegalStateException first = new IllegalStateException("drain");
    assertThatThrownBy(() ->
            Steps.all(
                failing("drain", first),
                () -> {
                  taken.add("links");
                  throw new IOException("links");
                },
                () -> taken.add("node")))
        .isSameAs(first)
        .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("links"));
    assertThat(taken).containsExactly("drain", "links", "node");
  }

  @Test
  void anIoExceptionIsThrownAsItIs() {
    IOException failure = new IOException("disk");
    assertThatThrownBy(() ->
            Steps.all(
                () -> {
                  throw failure;
                },
                () -> taken.add("node")))
        .isSameAs(failure);
    assertThat(taken).containsExactly("node");
  }
}
