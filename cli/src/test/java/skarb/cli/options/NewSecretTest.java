package skarb.cli.options;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.cli.output.CommandFailedException;

class NewSecretTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("SKARB_NEW_SECRET_KEY", "from-environment");

  @TempDir Path folder;

  private static InputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  @Test
  void isReadFromAFileFromStandardInputAndFromTheEnvironment() throws Exception {
    String file = Files.writeString(folder.resolve("secret"), "from-file\n").toString();
    assertThat(NewSecret.of(file, ENVIRONMENT, input("no"))).contains("from-file");
    assertThat(NewSecret.of("-", ENVIRONMENT, input("from-input\n"))).contains("from-input");
    assertThat(NewSecret.of(null, ENVIRONMENT, input("no"))).contains("from-environment");
    assertThat(NewSecret.of(null, Map.of(), input("no"))).isEmpty();
  }

  @Test
  void aFileWithoutOneIsAnError() {
    String missing = folder.resolve("missing").toString();
    assertThatThrownBy(() -> NewSecret.of("-", ENVIRONMENT, input("\n")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage("standard input holds no secret");
    assertThatThrownBy(() -> NewSecret.of(missing, ENVIRONMENT, input("")))
        .isInstanceOf(CommandFailedException.class)
        .hasMessage("there is no file " + missing);
  }
}
