package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  private static final Path BASH = Path.of("/bin/bash");

  @TempDir Path folder;

  private String bash(String... arguments) throws Exception {
    assumeTrue(Files.isExecutable(BASH), "there is no bash here");
    String[] command = new String[arguments.length + 1];
    command[0] = BASH.toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private Path script(String shell) throws Exception {
    return Files.writeString(
        folder.resolve("skarb." + shell), CommandRun.of("completion", shell).succeeds().out());
  }

  @Test
  void bashTakesTheScript() throws Exception {
    assertThat(bash("-n", script("bash").toString())).isEmpty();
    assertThat(Files.readString(script("zsh"))).contains("compinit", "_complete_skarb");
  }

  @Test
  void bashCompletesACommand() throws Exception {
    String completed =
        bash(
            "-c",
            "source "
                + script("bash")
                + "; COMP_WORDS=(skarb pe) COMP_CWORD=1 COMP_LINE='skarb pe' COMP_POINT=8;"
                + " _complete_skarb; echo \"${COMPREPLY[@]}\"");
    assertThat(completed.strip()).isEqualTo("peers");
  }
}
