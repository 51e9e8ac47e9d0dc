package skarb.junit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/// Runs a whole Skarb for a test class, nested classes included: from before `@BeforeAll` until
/// after `@AfterAll`, in the test's process, on free ports of loopback, in a temporary folder.
///
/// ```java
/// class ReceiptsTest {
///   @RegisterExtension static final SkarbExtension skarb = SkarbExtension.builder().build();
///
///   @Test
///   void receiptIsStored(@SkarbBucket String bucket) { … skarb.s3Endpoint() … }
/// }
/// ```
///
/// Or `@ExtendWith(SkarbExtension.class)`, and a parameter of type [Skarb]. Registered for a test
/// method or in a field that is not static, it runs for each test anew. Classes that run in
/// parallel have a server each, unless they inherit one static field: then they share its server
/// while any of them runs.
///
/// The JVM must be of Java 25 or later, as the server. Nothing of the application's class path is
/// seen by the server, nor the other way round. Safe for many threads.
public final class SkarbExtension
    implements Skarb, BeforeAllCallback, BeforeEachCallback, ParameterResolver {
  private final Namespace namespace = Namespace.create(SkarbExtension.class, this);
  private final String region;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  // Changed under the lock.
  private int users;
  private volatile @Nullable RunningServer running;

  /// With all defaults: region `us-east-1`, the machine's clock.
  public SkarbExtension() {
    this(builder());
  }

  private SkarbExtension(Builder builder) {
    this.region = builder.region;
    this.clock = builder.clock;
  }

  /// What is to be set is set on the builder.
  public static Builder builder() {
    return new Builder();
  }

  /// Sets up an extension.
  public static final class Builder {
    private String region = "us-east-1";
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /// The region that S3 answers with: `us-east-1` if not set.
    public Builder region(String name) {
      this.region = name;
      return this;
    }

    /// The server's clock, by which it dates what it stores and judges signatures, presigned URLs
    /// and tokens: the machine's if not set. It is asked by many threads at once, and should not go
    /// back: see [SettableClock].
    public Builder clock(InstantSource source) {
      this.clock = source;
      return this;
    }

    /// The extension.
    public SkarbExtension build() {
      return new SkarbExtension(this);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    RunningServer server = use(context);
    inject(context.getRequiredTestClass(), null, Modifier::isStatic, server, context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    RunningServer server = use(context);
    for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
      inject(
          instance.getClass(),
          instance,
          modifiers -> !Modifier.isStatic(modifiers),
          server,
          context);
    }
  }

  /// The server, which runs until the outermost context that used it ends.
  private RunningServer use(ExtensionContext context) {
    return context
        .getStore(namespace)
        .getOrComputeIfAbsent(Use.class, key -> new Use(), Use.class)
        .server;
  }

  private final class Use implements AutoCloseableResource {
    private final RunningServer server = acquire();

    @Override
    public void close() {
      release();
    }
  }

  private RunningServer acquire() {
    lock.lock();
    try {
      RunningServer server = running;
      if (server == null) {
        server = RunningServer.start(region, clock);
        running = server;
      }
      users++;
      return server;
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    lock.lock();
    try {
      users--;
      RunningServer server = running;
      if (users == 0 && server != null) {
        running = null;
        server.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private static String newBucket(
      SkarbBucket annotation, RunningServer server, ExtensionContext context, Namespace namespace) {
    String name = server.newBucket(annotation.versioned());
    AutoCloseableResource deletion = () -> server.deleteBucket(name);
    context.getStore(namespace).put(name, deletion);
    return name;
  }

  private void inject(
      Class<?> testClass,
      @Nullable Object instance,
      Predicate<Integer> modifiers,
      RunningServer server,
      ExtensionContext context) {
    List<Field> fields =
        AnnotationSupport.findAnnotatedFields(
            testClass,
            SkarbBucket.class,
            field -> modifiers.test(field.getModifiers()),
            HierarchyTraversalMode.TOP_DOWN);
    for (Field field : fields) {
      if (field.getType() != String.class || Modifier.isFinal(field.getModifiers())) {
        throw new ExtensionConfigurationException(
            "@SkarbBucket goes on String fields that are not final, which " + field + " is not");
      }
      SkarbBucket annotation = field.getAnnotation(SkarbBucket.class);
      try {
        field.setAccessible(true);
        field.set(instance, newBucket(annotation, server, context, namespace));
      } catch (IllegalAccessException e) {
        throw new ExtensionConfigurationException(field + " cannot be set", e);
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Skarb.class
        || (type == String.class && parameter.isAnnotated(SkarbBucket.class));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    RunningServer server = use(context);
    return parameter
        .findAnnotation(SkarbBucket.class)
        .<Object>map(annotation -> newBucket(annotation, server, context, namespace))
        .orElse(server);
  }

  private Skarb server() {
    RunningServer server = running;
    if (server == null) {
      throw new IllegalStateException(
          "no Skarb runs: it does from before @BeforeAll until after @AfterAll of a class that"
              + " registers SkarbExtension");
    }
    return server;
  }

  @Override
  public URI s3Endpoint() {
    return server().s3Endpoint();
  }

  @Override
  public URI grpcEndpoint() {
    return server().grpcEndpoint();
  }

  @Override
  public String accessKey() {
    return server().accessKey();
  }

  @Override
  public String secretKey() {
    return server().secretKey();
  }

  @Override
  public String region() {
    return region;
  }

  @Override
  public String token() {
    return server().token();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }
}
