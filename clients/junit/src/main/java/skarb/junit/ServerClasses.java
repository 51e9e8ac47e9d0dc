package skarb.junit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/// The server's classes: its jars, which this jar carries as resources, unpacked into a temporary
/// folder, in a class loader that sees nothing of the application. Once for each JVM, since loading
/// them is most of a first start; the folder goes when the JVM ends.
///
/// What is needed stands in the `Class-Path` of the server's own jar. Logback is left out: logging
/// goes to `java.util.logging`, which application and server share, by loggers named `skarb.…`. So
/// is BoringSSL, which is for sites that replicate.
final class ServerClasses {
  private static final String RESOURCES = "server/";
  private static final String SERVER = "skarb.jar";
  private static final String LOGGING = "lib/slf4j-jdk14.jar";
  private static final List<String> LEFT_OUT =
      List.of("lib/logback-", "lib/netty-tcnative-boringssl-");

  /// Where most classes of a start lie: each is looked for in one jar after the other.
  private static final List<String> FIRST =
      List.of("lib/skarb-", "lib/protobuf-java-", "lib/grpc-", "lib/netty-");

  /// The server's level.
  static final int JAVA = 25;

  private final URLClassLoader loader;

  private ServerClasses(URLClassLoader loader) {
    this.loader = loader;
  }

  /// The outcome of the one attempt: where it failed, each class that asks is told why.
  private static final class Once {
    static final @Nullable ServerClasses CLASSES;
    static final @Nullable IOException FAILURE;

    static {
      ServerClasses classes = null;
      IOException failure = null;
      try {
        classes = unpack();
      } catch (IOException e) {
        failure = e;
      }
      CLASSES = classes;
      FAILURE = failure;
    }
  }

  /// The loader, made when it is first asked for.
  ///
  /// @throws IllegalStateException if this JVM is too old for the server
  /// @throws IOException if the jars cannot be unpacked
  static ClassLoader loader() throws IOException {
    requireJava(Runtime.version().feature());
    ServerClasses classes = Once.CLASSES;
    if (classes == null) {
      throw new IOException("its jars cannot be unpacked: " + Once.FAILURE, Once.FAILURE);
    }
    return classes.loader;
  }

  /// @throws IllegalStateException if a JVM of that level is too old for the server
  static void requireJava(int feature) {
    if (feature < JAVA) {
      throw new IllegalStateException(
          "Skarb's server needs Java "
              + JAVA
              + " or later, and these tests run on Java "
              + feature
              + " ("
              + System.getProperty("java.home")
              + "): run them on a newer JDK; the application itself may stay at its level");
    }
  }

  private static ServerClasses unpack() throws IOException {
    Path folder = Files.createTempDirectory("skarb-junit-classes-");
    AtomicReference<@Nullable URLClassLoader> open = new AtomicReference<>();
    // At once: what is unpacked goes even where the rest cannot be.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> delete(open.get(), folder), "skarb-junit-classes"));
    List<URL> jars = new ArrayList<>();
    Files.createDirectory(folder.resolve("lib"));
    Path server = copy(SERVER, folder);
    jars.add(server.toUri().toURL());
    for (String name : libraries(server)) {
      jars.add(copy(name, folder).toUri().toURL());
    }
    jars.add(copy(LOGGING, folder).toUri().toURL());
    URL[] urls = jars.toArray(new URL[0]);
    URLClassLoader loader = new URLClassLoader("skarb", urls, ClassLoader.getPlatformClassLoader());
    open.set(loader);
    return new ServerClasses(loader);
  }

  /// What the manifest of the server's jar names.
  private static List<String> libraries(Path server) throws IOException {
    List<String> names = new ArrayList<>();
    try (JarFile jar = new JarFile(server.toFile())) {
      String path = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      for (String name : path.split(" ", -1)) {
        if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
          names.add(name);
        }
      }
    }
    names.sort(Comparator.comparingInt(ServerClasses::place));
    return names;
  }

  private static int place(String name) {
    for (int place = 0; place < FIRST.size(); place++) {
      if (name.startsWith(FIRST.get(place))) {
        return place;
      }
    }
    return FIRST.size();
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path target = folder.resolve(name);
    try (InputStream in = ServerClasses.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IOException("skarb-junit's jar does not have " + RESOURCES + name);
      }
      Files.copy(in, target);
      return target;
    }
  }

  private static void delete(@Nullable URLClassLoader loader, Path folder) {
    try {
      if (loader != null) {
        loader.close();
      }
      Folders.delete(folder);
    } catch (IOException e) {
      // The JVM ends; what is left lies in the system's temporary folder.
    }
  }
}
