package skarb.testkit.disk;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// The options of an `open`, checked against one another as the JDK does.
record OpenMode(
    boolean read,
    boolean write,
    boolean append,
    boolean create,
    boolean createNew,
    boolean truncate,
    boolean deleteOnClose) {

  static OpenMode of(Set<? extends OpenOption> options) {
    for (OpenOption option : options) {
      if (!(option instanceof StandardOpenOption || option instanceof LinkOption)
          || option == StandardOpenOption.SYNC
          || option == StandardOpenOption.DSYNC) {
        throw new UnsupportedOperationException(option + " not supported");
      }
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = options.contains(StandardOpenOption.READ) || !write;
    boolean truncate = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    if (read && append) {
      throw new IllegalArgumentException("READ + APPEND not allowed");
    }
    if (append && truncate) {
      throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
    }
    return new OpenMode(
        read,
        write,
        append,
        write && options.contains(StandardOpenOption.CREATE),
        write && options.contains(StandardOpenOption.CREATE_NEW),
        write && truncate,
        options.contains(StandardOpenOption.DELETE_ON_CLOSE));
  }

  boolean creates() {
    return create || createNew;
  }
}
