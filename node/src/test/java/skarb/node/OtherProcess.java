package skarb.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Another process that locks bytes of a file, as another Skarb does: the operating system's locks
/// are not between the threads of one.
final class OtherProcess {
  private final Process process;
  private final BufferedReader answers;

  private OtherProcess(Process process) {
    this.process = process;
    this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static OtherProcess start(Path file) throws IOException, URISyntaxException {
    Path classes =
        Path.of(OtherProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return new OtherProcess(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                OtherProcess.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /// Locks one byte.
  void lock(long position) {
    ask("lock " + position);
  }

  /// Locks one byte as those do who only look.
  void share(long position) {
    ask("share " + position);
  }

  /// Unlocks everything.
  void release() {
    ask("release 0");
  }

  private void ask(String what) {
    try {
      process.outputWriter(UTF_8).write(what + "\n");
      process.outputWriter(UTF_8).flush();
      String answer = answers.readLine();
      if (!"done".equals(answer)) {
        throw new IllegalStateException(what + ": " + answer);
      }
    } catch (IOException e) {
      throw new IllegalStateException(what, e);
    }
  }

  /// Kills it: the operating system unlocks what it had.
  void kill() {
    Process _ = process.destroyForcibly().onExit().join();
  }

  public static void main(String[] args) throws IOException {
    BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    FileChannel channel = open(args[0]);
    for (String line = asked.readLine(); line != null; line = asked.readLine()) {
      int blank = line.indexOf(' ');
      String what = line.substring(0, blank);
      if (what.equals("release")) {
        channel.close();
        channel = open(args[0]);
      } else {
        FileLock lock =
            channel.tryLock(Long.parseLong(line.substring(blank + 1)), 1, what.equals("share"));
        if (lock == null) {
          System.out.println("refused");
          continue;
        }
      }
      System.out.println("done");
    }
  }

  private static FileChannel open(String file) throws IOException {
    return FileChannel.open(
        Path.of(file),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }
}
