package skarb.cli.objects;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import skarb.cli.output.CommandFailedException;

/// A folder that objects are written below, and never beside: keys are whatever their writers
/// chose, `../../etc/passwd` included.
///
/// A key's parts between slashes become names, each of which must be one: not empty, `.` or `..`,
/// and without a separator. What is reached must lie in the folder after all links are followed.
final class LocalFolder {
  private final Path root;

  LocalFolder(Path root) {
    this.root = root;
  }

  /// The file for a key's rest, its folder made.
  ///
  /// @throws CommandFailedException where it cannot be one
  Path fileFor(String name) throws IOException {
    Path file = root;
    for (String part : name.split("/", -1)) {
      file = file.resolve(checked(part, name));
    }
    return inside(file);
  }

  /// The folder for a key's rest that ends with a slash, made.
  ///
  /// @throws CommandFailedException where it cannot be one
  void make(String name) throws IOException {
    Path _ = fileFor(name + "x"); // makes what is above it
  }

  private static Path checked(String part, String name) {
    try {
      Path path = Path.of(part);
      if (!part.isEmpty()
          && !part.equals(".")
          && !part.equals("..")
          && !path.isAbsolute()
          && path.getNameCount() == 1
          && path.toString().equals(part)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // a name that this machine has no file for
    }
    throw new CommandFailedException(
        "'" + name + "' is not a safe name of a file, and is not written");
  }

  /// Looks at what is there already before it makes anything: a link on the way must not have
  /// folders made where it leads.
  private Path inside(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalStateException("a file in a folder has a parent");
    }
    try {
      Path _ = Files.createDirectories(root);
      Path known = folder;
      for (Path above = folder; above != null && !Files.exists(known); above = above.getParent()) {
        known = above;
      }
      if (!known.toRealPath().startsWith(root.toRealPath())) {
        throw new CommandFailedException(
            known + " leads out of " + root + ", and nothing is written there");
      }
      Path _ = Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailedException(e.getFile() + " is a file, where a folder is needed");
    }
    return file;
  }
}
