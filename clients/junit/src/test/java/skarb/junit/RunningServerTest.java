package skarb.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningServerTest {
  @Test
  void libraryThatDoesNotLoadLeavesNoFolder() {
    Leftovers before = new Leftovers();
    ClassLoader broken =
        new ClassLoader(null) {
          @Override
          public Class<?> loadClass(String name) {
            throw new NoClassDefFoundError(name);
          }
        };
    assertThatThrownBy(() -> RunningServer.start(broken, "us-east-1", InstantSource.system()))
        .isInstanceOf(NoClassDefFoundError.class);
    before.assertNone(List.of());
  }
}
