package skarb.cli.output;

import com.google.common.base.Throwables;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import skarb.client.SkarbException;
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

  /// What is said of anything that a command failed with.
  public static String text(Exception exception) {
    return switch (exception) {
      case CommandFailedException failed -> String.valueOf(failed.getMessage());
      case DataDirectoryException directory -> String.valueOf(directory.getMessage());
      case StatusRuntimeException status -> status(status.getStatus());
      case SkarbException failed -> client(failed);
      case IOException io -> io(io);
      default -> exception.toString();
    };
  }

  private static String client(SkarbException failed) {
    return failed instanceof SkarbException.Unavailable
        ? "the server cannot be reached: " + failed.getMessage()
        : String.valueOf(failed.getMessage());
  }

  /// What is wrong with which file or address, without the names of classes.
  private static String io(IOException failure) {
    if (Throwables.getRootCause(failure) instanceof BindException) {
      return failure.getMessage() + " (stop what listens there, or give another port)";
    }
    return switch (failure) {
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case AccessDeniedException denied -> "not allowed to use " + denied.getFile();
      case FileAlreadyExistsException file -> file.getFile() + " is there already";
      case FileSystemException file -> file.getFile() + ": " + file.getReason();
      default -> String.valueOf(failure.getMessage());
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
