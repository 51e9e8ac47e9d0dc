package skarb.testkit.disk;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// The entries that a directory had when it was opened.
final class SimulatedDirectoryStream implements DirectoryStream<Path> {
  private final Disk disk;
  private final Path directory;
  private final List<String> names;
  private final Filter<? super Path> filter;
  private final long handle;
  private boolean iterated;

  SimulatedDirectoryStream(
      Disk disk, Path directory, List<String> names, Filter<? super Path> filter) {
    this.disk = disk;
    this.directory = directory;
    this.names = names;
    this.filter = filter;
    this.handle = disk.machine().locked(() -> disk.machine().openFiles().add(directory));
  }

  @Override
  public Iterator<Path> iterator() {
    if (iterated) {
      throw new IllegalStateException("Iterator already obtained");
    }
    iterated = true;
    List<Path> accepted = new ArrayList<>();
    for (String name : names) {
      Path entry = directory.resolve(name);
      try {
        if (filter.accept(entry)) {
          accepted.add(entry);
        }
      } catch (IOException e) {
        throw new DirectoryIteratorException(e);
      }
    }
    return List.copyOf(accepted).iterator();
  }

  @Override
  public void close() {
    disk.machine().change(() -> disk.machine().openFiles().remove(handle));
  }
}
