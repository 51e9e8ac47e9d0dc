package skarb.cli.output;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import skarb.node.DataDirectoryException;

/// Turns what went wrong into one line on standard error and an exit code: never a stack trace,
/// unless `SKARB_DEBUG` asks for one.
public final class ErrorLine implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine command, ParseResult parsed) {
    command.getErr().println("skarb: " + text(exception));
    if (System.getenv("SKARB_DEBUG") != null) {
      exception.printStackTrace(command.getErr());
    }
    return 1;
  }

  /// A command line that means nothing: what is wrong with it, and where help is.
  public static int badUsage(ParameterException exception, String[] args) {
    CommandLine command = exception.getCommandLine();
    command
        .getErr()
        .println(
            "skarb: "
                + exception.getMessage()
                + " (see '"
                + command.getCommandSpec().qualifiedName()
                + " --help')");
    return 2;
  }

  private static String text(Exception exception) {
    return switch (exception) {
      case CommandFailedException failed -> String.valueOf(failed.getMessage());
      case DataDirectoryException directory -> String.valueOf(directory.getMessage());
      case StatusRuntimeException status -> status(status.getStatus());
      case IOException io -> io.getClass().getSimpleName() + ": " + io.getMessage();
      default -> exception.toString();
    };
  }

  private static String status(Status status) {
    String description = status.getDescription();
    return switch (status.getCode()) {
      case UNAVAILABLE -> "the server cannot be reached: " + description;
      case UNAUTHENTICATED, PERMISSION_DENIED -> "not allowed: " + description;
      default -> description == null ? status.getCode().toString() : description;
    };
  }
}
