package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class ServerClassesTest {
  @Test
  void everythingThatIsCalledAcrossTheLoaderIsThere() throws Exception {
    Class<?> server = ServerClasses.loader().loadClass(IsolatedServer.CLASS);
    for (Method method : IsolatedServer.class.getDeclaredMethods()) {
      if (!java.lang.reflect.Modifier.isStatic(method.getModifiers())) {
        assertThat(server.getMethod(method.getName(), method.getParameterTypes()).getReturnType())
            .isEqualTo(method.getReturnType());
      }
    }
  }

  @Test
  void serversLoaderSeesNothingOfTheApplication() throws Exception {
    ClassLoader loader = ServerClasses.loader();
    assertThatThrownBy(() -> loader.loadClass("org.junit.jupiter.api.Test"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> loader.loadClass("skarb.junit.Skarb"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThat(loader.loadClass("com.google.protobuf.Message"))
        .isNotEqualTo(com.google.protobuf.Message.class);
    assertThatThrownBy(() -> loader.loadClass("ch.qos.logback.classic.Logger"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void olderJvmIsToldWhatIsNeeded() {
    assertThatThrownBy(() -> ServerClasses.requireJava(17))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Skarb's server needs Java 25 or later, and these tests run on Java 17 (");
    assertThatCode(() -> ServerClasses.requireJava(25)).doesNotThrowAnyException();
  }
}
