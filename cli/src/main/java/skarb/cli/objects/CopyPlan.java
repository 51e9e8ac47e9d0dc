package skarb.cli.objects;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skarb.cli.output.CommandFailedException;
import skarb.client.ListOptions;
import skarb.client.ObjectInfo;
import skarb.client.SkarbClient;

/// What a command line of `skarb cp` means: one body after the other, found while the first ones
/// move already. A target with a slash at its end, a bucket, and a folder of this machine are
/// folders: what is copied there keeps its name.
final class CopyPlan {
  private static final String UNREADABLE =
      "has a name that this locale cannot express, and is left out; LC_ALL=C.UTF-8 may help";

  private final SkarbClient client;
  private final String target;
  private final boolean intoFolder;
  private final boolean recursive;
  private final Optional<String> versionId;
  private final Copies copies;
  private final Troubles troubles;

  /// @param target as it was given
  /// @param intoFolder whether the target must be a folder, as for several sources
  /// @param versionId which version of the sources; empty: the current one
  CopyPlan(
      SkarbClient client,
      String target,
      boolean intoFolder,
      boolean recursive,
      Optional<String> versionId,
      Copies copies,
      Troubles troubles) {
    this.client = client;
    this.target = target;
    this.intoFolder = intoFolder;
    this.recursive = recursive;
    this.versionId = versionId;
    this.copies = copies;
    this.troubles = troubles;
  }

  /// Begins the copies of one source.
  void begin(String source) throws InterruptedException {
    try {
      if (source.equals("-")) {
        copies.begin(new Copy.FromInput(oneObject(StorePath.parse(target))), 0);
      } else if (StorePath.isOne(source)) {
        fromStore(StorePath.parse(source));
      } else {
        fromFile(Path.of(source), StorePath.parse(target));
      }
    } catch (InvalidPathException e) {
      troubles.add(source, UNREADABLE);
    } catch (IOException | RuntimeException e) {
      troubles.add(source, e);
    }
  }

  private static StorePath oneObject(StorePath path) {
    if (path.isFolder()) {
      throw new CommandFailedException(path + " is a folder: name the object");
    }
    return path;
  }

  private void fromFile(Path source, StorePath to) throws IOException, InterruptedException {
    if (!Files.exists(source)) {
      throw new CommandFailedException("there is no such file");
    }
    if (!Files.isDirectory(source)) {
      if (!Files.isRegularFile(source)) {
        throw new CommandFailedException("is not a regular file; pipe it into 'skarb cp -'");
      }
      copies.begin(
          new Copy.Upload(source, to.isFolder() ? to.resolve(name(source)) : to),
          Files.size(source));
      return;
    }
    if (!recursive) {
      throw new CommandFailedException("is a folder: add --recursive");
    }
    Path _ =
        Files.walkFileTree(
            source,
            EnumSet.of(FileVisitOption.FOLLOW_LINKS),
            Integer.MAX_VALUE,
            new Uploads(source, to.asFolder()));
  }

  private static String name(Path file) {
    Path name = file.toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString();
  }

  private void fromStore(StorePath source) throws IOException, InterruptedException {
    if (recursive) {
      below(source.asFolder());
      return;
    }
    if (source.isFolder()) {
      throw new CommandFailedException("is a folder: add --recursive");
    }
    if (target.equals("-")) {
      copies.begin(new Copy.ToOutput(source, versionId), 0);
    } else if (StorePath.isOne(target)) {
      StorePath to = StorePath.parse(target);
      copies.begin(
          new Copy.Within(source, versionId, to.isFolder() ? to.resolve(source.name()) : to), 0);
    } else {
      copies.begin(new Copy.Download(source, versionId, file(source)), 0);
    }
  }

  private Path file(StorePath source) throws IOException {
    Path path = Path.of(target);
    if (intoFolder || target.endsWith("/") || Files.isDirectory(path)) {
      return new LocalFolder(path).fileFor(source.name());
    }
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path)) {
      throw new CommandFailedException(path + " is not a regular file; use - for standard output");
    }
    return path;
  }

  /// All below a folder of the store.
  private void below(StorePath folder) throws InterruptedException {
    boolean toStore = StorePath.isOne(target);
    if (toStore) {
      StorePath to = StorePath.parse(target).asFolder();
      if (to.bucket().equals(folder.bucket()) && to.key().startsWith(folder.key())) {
        throw new CommandFailedException("cannot be copied into itself");
      }
    }
    LocalFolder local = new LocalFolder(Path.of(target));
    boolean any = false;
    try (Stream<ObjectInfo> found =
        client.list(folder.bucket(), ListOptions.prefix(folder.key()))) {
      for (Iterator<ObjectInfo> each = found.iterator(); each.hasNext(); ) {
        ObjectInfo object = each.next();
        any = true;
        StorePath source = new StorePath(folder.bucket(), object.key());
        String rest = object.key().substring(folder.key().length());
        try {
          if (toStore) {
            within(source, rest, object.size(), folder);
          } else {
            download(source, rest, object.size(), local);
          }
        } catch (IOException | CommandFailedException e) {
          troubles.add(source.toString(), e);
        }
      }
    }
    if (!any) {
      throw new CommandFailedException("there is nothing below it");
    }
  }

  /// What lies below the folder is read until all of it was copied, and therefore not written: onto
  /// its parent, `a/a/a/x` would become the `a/a/x` that is a source itself.
  private void within(StorePath source, String rest, long size, StorePath folder)
      throws InterruptedException {
    StorePath to = StorePath.parse(target).asFolder().resolve(rest);
    if (to.bucket().equals(folder.bucket()) && to.key().startsWith(folder.key())) {
      throw new CommandFailedException(
          "would become " + to + ", which lies in the folder that is copied");
    }
    copies.begin(new Copy.Within(source, Optional.empty(), to), size);
  }

  /// A key that ends with a slash is what some tools make for a folder.
  private void download(StorePath source, String rest, long size, LocalFolder local)
      throws IOException, InterruptedException {
    if (rest.isEmpty()) {
      return;
    }
    if (rest.endsWith("/")) {
      local.make(rest);
      return;
    }
    copies.begin(new Copy.Download(source, Optional.empty(), local.fileFor(rest)), size);
  }

  /// The files of a folder, links followed.
  private final class Uploads extends SimpleFileVisitor<Path> {
    private final Path root;
    private final StorePath to;

    Uploads(Path root, StorePath to) {
      this.root = root;
      this.to = to;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isRegularFile()) {
        troubles.add(file.toString(), "is not a regular file, and is left out");
        return FileVisitResult.CONTINUE;
      }
      if (!isReadable(file)) {
        troubles.add(file.toString(), UNREADABLE);
        return FileVisitResult.CONTINUE;
      }
      try {
        copies.begin(new Copy.Upload(file, to.resolve(key(file))), attributes.size());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return FileVisitResult.TERMINATE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      troubles.add(file.toString(), failure);
      return FileVisitResult.CONTINUE;
    }

    /// Whether its name leads back to it. Bytes that the locale has no character for all read as
    /// U+FFFD, by which different files would have one key.
    private boolean isReadable(Path file) {
      try {
        return Path.of(file.toString()).equals(file);
      } catch (InvalidPathException e) {
        return false;
      }
    }

    private String key(Path file) {
      return String.join(
          "/",
          StreamSupport.stream(root.relativize(file).spliterator(), false)
              .map(Path::toString)
              .toList());
    }
  }
}
