package skarb.node.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.DurableFile;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileKind;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;

/// The journal's folder: names, and how a file comes to be. Any thread may use it.
final class JournalFiles {
  private static final String SUFFIX = ".journal";
  private static final String UNFINISHED_SUFFIX = ".journal.new";
  private static final Pattern NAME = Pattern.compile("\\d{10}\\.journal");

  private final Path directory;
  private final StoreId store;
  private final Seams seams;
  private final long fileBytes;
  private volatile @Nullable Throwable directoryFailure;

  JournalFiles(Path directory, StoreId store, Seams seams, long fileBytes) {
    this.directory = directory;
    this.store = store;
    this.seams = seams;
    this.fileBytes = fileBytes;
  }

  Path directory() {
    return directory;
  }

  StoreId store() {
    return store;
  }

  Path pathOf(long number) {
    return directory.resolve(String.format(Locale.ROOT, "%010d", number) + SUFFIX);
  }

  private Path unfinishedPathOf(long number) {
    return directory.resolve(String.format(Locale.ROOT, "%010d", number) + UNFINISHED_SUFFIX);
  }

  /// The numbers of the files that there are, ascending.
  List<Long> numbers() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> NAME.matcher(name).matches())
          .map(name -> Long.valueOf(name.substring(0, name.length() - SUFFIX.length())))
          .sorted()
          .toList();
    }
  }

  /// Makes a file, zeroed to its size, forced, and forced under its name: ready for use. It is made
  /// under another name first, so that a file of the journal that does not verify was never an
  /// unfinished one.
  ///
  /// @throws IOException if the disk refused; there is no file then. If it was the directory whose
  ///   force failed, no other file can be made either
  FileHeader create(long number) throws IOException {
    Throwable before = directoryFailure;
    if (before != null) {
      throw new IOException("a force of the directory failed before, which is final", before);
    }
    Path unfinished = unfinishedPathOf(number);
    Files.deleteIfExists(unfinished);
    FileHeader header =
        new FileHeader(
            FileKind.JOURNAL,
            JournalFormat.VERSION,
            number,
            store,
            seams.clock().millis(),
            seams.random().nextLong());
    try (DurableFile file = DurableFile.create(unfinished)) {
      file.append(List.of(header.encode(JournalFormat.PAGE_BYTES)));
      file.writeZeroes(JournalFormat.PAGE_BYTES, fileBytes - JournalFormat.PAGE_BYTES);
      file.force();
    }
    Files.move(unfinished, pathOf(number), StandardCopyOption.ATOMIC_MOVE);
    forceDirectory(number);
    return header;
  }

  /// A name that a failed force left to chance is taken back, so that nobody builds on it, not even
  /// a process that starts before the machine does.
  private void forceDirectory(long number) throws IOException {
    try {
      DirectorySync.force(directory);
    } catch (IOException e) {
      directoryFailure = e;
      try {
        Files.deleteIfExists(pathOf(number));
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  /// Deletes files that a crash left unfinished: they were never in use.
  void deleteUnfinished() throws IOException {
    List<Path> unfinished = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries
          .filter(entry -> String.valueOf(entry.getFileName()).endsWith(UNFINISHED_SUFFIX))
          .sorted()
          .forEach(unfinished::add);
    }
    for (Path path : unfinished) {
      Files.delete(path);
    }
  }
}
