package skarb.junit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The server on the other side of the class loader, which has methods of these names
/// (`skarb.cli.embedded.EmbeddedServer`). Types of the JDK are all that crosses, exceptions
/// included.
interface IsolatedServer extends AutoCloseable {
  /// Its class.
  String CLASS = "skarb.cli.embedded.EmbeddedServer";

  URI s3Endpoint();

  URI grpcEndpoint();

  String token();

  void createBucket(String name, boolean versioned);

  void deleteBucket(String name);

  @Override
  void close() throws IOException;

  /// Starts one.
  ///
  /// @throws IOException if its files or ports cannot be had
  static IsolatedServer start(
      ClassLoader classes,
      Path data,
      String region,
      String accessKey,
      String secretKey,
      InstantSource clock)
      throws IOException {
    Object server;
    try {
      Method start =
          classes
              .loadClass(CLASS)
              .getMethod(
                  "start",
                  Path.class,
                  String.class,
                  String.class,
                  String.class,
                  InstantSource.class);
      server = call(classes, start, null, data, region, accessKey, secretKey, clock);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the server's classes do not fit: " + e, e);
    }
    return (IsolatedServer)
        Proxy.newProxyInstance(
            IsolatedServer.class.getClassLoader(),
            new Class<?>[] {IsolatedServer.class},
            (proxy, method, arguments) ->
                call(
                    classes,
                    server.getClass().getMethod(method.getName(), method.getParameterTypes()),
                    server,
                    arguments));
  }

  /// Threads that the server makes inherit the context class loader: it must be the server's own.
  private static Object call(
      ClassLoader classes, Method method, @Nullable Object target, Object... arguments)
      throws ReflectiveOperationException, IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw translated(e.getTargetException());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /// An exception of a class that the application has, or has another of, tells its reader nothing.
  private static IOException translated(Throwable failure) {
    if (failure instanceof IOException io && io.getClass().getClassLoader() == null) {
      return io;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    IllegalStateException plain = new IllegalStateException(failure.toString());
    plain.setStackTrace(failure.getStackTrace());
    throw plain;
  }
}
