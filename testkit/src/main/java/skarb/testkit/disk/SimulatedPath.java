package skarb.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A path in the manner of Unix: names between slashes, absolute or not. Immutable.
final class SimulatedPath implements Path {
  private final SimulatedFileSystem fileSystem;
  private final boolean absolute;

  /// Without slashes; the empty path is one empty name, the root is none.
  private final List<String> names;

  private SimulatedPath(SimulatedFileSystem fileSystem, boolean absolute, List<String> names) {
    this.fileSystem = fileSystem;
    this.absolute = absolute;
    this.names = names.isEmpty() && !absolute ? List.of("") : List.copyOf(names);
  }

  static SimulatedPath parse(SimulatedFileSystem fileSystem, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new InvalidPathException(text, "Nul character not allowed");
    }
    List<String> names = Arrays.stream(text.split("/")).filter(name -> !name.isEmpty()).toList();
    return new SimulatedPath(fileSystem, text.startsWith("/"), names);
  }

  static SimulatedPath of(Path path) {
    if (Objects.requireNonNull(path) instanceof SimulatedPath simulated) {
      return simulated;
    }
    throw new ProviderMismatchException();
  }

  /// The names from the root on, without `.` and `..`.
  List<String> resolvedNames() {
    return toAbsolutePath().normalize().names;
  }

  String lastName() {
    List<String> resolved = resolvedNames();
    return resolved.isEmpty() ? "" : resolved.getLast();
  }

  /// The directory that holds this entry; the root for itself.
  SimulatedPath parentForLookup() {
    List<String> resolved = resolvedNames();
    return with(true, resolved.subList(0, Math.max(0, resolved.size() - 1)));
  }

  private SimulatedPath with(boolean isAbsolute, List<String> newNames) {
    return new SimulatedPath(fileSystem, isAbsolute, newNames);
  }

  private boolean isEmpty() {
    return !absolute && names.getFirst().isEmpty();
  }

  @Override
  public SimulatedFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public @Nullable Path getRoot() {
    return absolute ? with(true, List.of()) : null;
  }

  @Override
  public @Nullable Path getFileName() {
    return names.isEmpty() ? null : with(false, List.of(names.getLast()));
  }

  @Override
  public @Nullable Path getParent() {
    if (names.isEmpty() || (!absolute && names.size() == 1)) {
      return null;
    }
    return with(absolute, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return subpath(index, index + 1);
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    if (beginIndex < 0 || endIndex > names.size() || beginIndex >= endIndex) {
      throw new IllegalArgumentException(beginIndex + ".." + endIndex + " of " + this);
    }
    return with(false, names.subList(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof SimulatedPath that
        && that.fileSystem == fileSystem
        && that.absolute == absolute
        && that.isEmpty() == isEmpty()
        && that.names.size() <= names.size()
        && names.subList(0, that.names.size()).equals(that.names);
  }

  @Override
  public boolean endsWith(Path other) {
    if (!(other instanceof SimulatedPath that) || that.fileSystem != fileSystem) {
      return false;
    }
    if (that.absolute || that.isEmpty()) {
      return equals(that);
    }
    int from = names.size() - that.names.size();
    return from >= 0 && names.subList(from, names.size()).equals(that.names);
  }

  @Override
  public SimulatedPath normalize() {
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      boolean removable = !kept.isEmpty() && !kept.getLast().equals("..");
      if (name.equals("..") && removable) {
        kept.removeLast();
      } else if (!name.equals(".") && !(name.equals("..") && absolute)) {
        kept.add(name);
      }
    }
    return with(absolute, kept);
  }

  @Override
  public Path resolve(Path other) {
    SimulatedPath that = of(other);
    if (that.absolute || isEmpty()) {
      return that;
    }
    if (that.isEmpty()) {
      return this;
    }
    List<String> joined = new ArrayList<>(names);
    joined.addAll(that.names);
    return with(absolute, joined);
  }

  @Override
  public Path relativize(Path other) {
    SimulatedPath that = of(other);
    if (that.absolute != absolute) {
      throw new IllegalArgumentException("'other' is different type of Path");
    }
    if (isEmpty()) {
      return that;
    }
    List<String> target = that.isEmpty() ? List.of() : that.names;
    int common = 0;
    while (common < Math.min(names.size(), target.size())
        && names.get(common).equals(target.get(common))) {
      common++;
    }
    List<String> way = new ArrayList<>();
    for (int i = common; i < names.size(); i++) {
      way.add("..");
    }
    way.addAll(target.subList(common, target.size()));
    return with(false, way);
  }

  @Override
  public URI toUri() {
    return URI.create("simulated://" + toAbsolutePath().toString().replace(" ", "%20"));
  }

  @Override
  public SimulatedPath toAbsolutePath() {
    if (absolute) {
      return this;
    }
    return with(true, isEmpty() ? List.of() : names);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    SimulatedPath real = toAbsolutePath().normalize();
    fileSystem.provider().checkAccess(real);
    return real;
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("watching");
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(of(other).toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimulatedPath that
        && that.fileSystem == fileSystem
        && that.absolute == absolute
        && that.names.equals(names);
  }

  @Override
  public int hashCode() {
    return names.hashCode() * 2 + (absolute ? 1 : 0);
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
