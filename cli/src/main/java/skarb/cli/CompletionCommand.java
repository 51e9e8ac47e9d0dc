package skarb.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `skarb completion`: a script that a shell completes this command by.
@Command(
    name = "completion",
    description = {
      "Print a script by which a shell completes skarb's commands and options:",
      "  source <(skarb completion bash)"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /// The shells that there is a script for.
  enum Shell {
    /// Bash 4 and later.
    BASH,
    /// Zsh, which takes bash's script.
    ZSH
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell. One script serves both.")
  private Shell shell;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String script = AutoComplete.bash("skarb", spec.root().commandLine());
    if (shell == Shell.ZSH) {
      spec.commandLine().getOut().println("autoload -U +X compinit && compinit");
    }
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
