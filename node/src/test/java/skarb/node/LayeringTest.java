package skarb.node;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the arrows between the node's packages, and keeps time, threads, randomness and files out
/// of it other than through the seams: the simulation of whole sites stands on that
/// (docs/architecture.md).
class LayeringTest {
  private static final JavaClasses NODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("skarb.node");

  /// Each package with those that it may use, beside `model`, which everybody may.
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry("model", List.of()),
          Map.entry("disk", List.of()),
          Map.entry("journal", List.of("disk")),
          Map.entry("segment", List.of("disk")),
          Map.entry("index", List.of("disk")),
          Map.entry("content", List.of("segment", "journal", "disk")),
          Map.entry("commit", List.of("journal", "index", "disk")),
          Map.entry("access", List.of("commit", "index", "disk")),
          Map.entry("certs", List.of("access", "index", "disk")),
          Map.entry(
              "joining", List.of("access", "certs", "commit", "index", "oplog", "peers", "disk")),
          Map.entry("oplog", List.of("commit", "journal", "index", "segment", "disk")),
          Map.entry("peers", List.of("disk")),
          Map.entry("recovery", List.of("journal", "index", "segment", "disk")),
          Map.entry(
              "service",
              List.of(
                  "access",
                  "certs",
                  "content",
                  "commit",
                  "joining",
                  "oplog",
                  "peers",
                  "recovery",
                  "index",
                  "segment",
                  "disk")));

  @Test
  void packagesUseOnlyWhatTheLayoutAllows() {
    ARROWS.forEach((from, allowed) -> {
      String[] packages =
          Stream.concat(Stream.of(from, "model"), allowed.stream())
              .map(name -> "skarb.node." + name)
              .toArray(String[]::new);
      classes()
          .that()
          .resideInAPackage("skarb.node." + from)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(packages)
                  .or(DescribedPredicate.not(resideInAPackage("skarb.node.."))))
          .as("skarb.node." + from + " uses " + allowed + " and model alone")
          .allowEmptyShould(true)
          .check(NODE);
    });
  }

  @Test
  void everyPackageHasItsPlaceInTheTable() {
    classes()
        .that()
        .resideOutsideOfPackage("skarb.node")
        .should()
        .resideInAnyPackage(
            ARROWS.keySet().stream().map(name -> "skarb.node." + name).toArray(String[]::new))
        .check(NODE);
  }

  @Test
  void noCycles() {
    slices().matching("skarb.node.(*)..").should().beFreeOfCycles().check(NODE);
  }

  @Test
  void timeThreadsRandomnessAndFilesComeThroughTheSeams() {
    noClasses()
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe("a clock, a sleep, a timed wait", LayeringTest::isTimed))
        .because("time comes from Seams")
        .check(NODE);
    noClasses()
        .that(
            DescribedPredicate.describe(
                "are not MapDB's, which opens files itself",
                type -> !type.getName().startsWith("skarb.node.index.MapDb")))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "sources of threads, randomness and files of their own",
                type -> FORBIDDEN_TYPES.contains(type.getName())))
        .because("threads, randomness and files are handed in")
        .check(NODE);
  }

  @Test
  void noSynchronizedMethods() {
    classes()
        .should(
            new com.tngtech.archunit.lang.ArchCondition<JavaClass>("have no synchronized methods") {
              @Override
              public void check(JavaClass type, com.tngtech.archunit.lang.ConditionEvents events) {
                type.getMethods().stream()
                    .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                    .forEach(method ->
                        events.add(
                            com.tngtech.archunit.lang.SimpleConditionEvent.violated(
                                method, method.getFullName() + " is synchronized")));
              }
            })
        .check(NODE);
  }

  private static final Set<String> FORBIDDEN_TYPES =
      Set.of(
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.RandomAccessFile",
          "java.lang.ThreadLocal",
          "java.security.SecureRandom",
          "java.util.Random",
          "java.util.Timer",
          "java.util.UUID",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ThreadLocalRandom");

  /// Owner and method of what reads a clock or waits for one. A `*` stands for every owner.
  private static final Set<String> TIMED =
      Set.of(
          "java.time.Instant.now",
          "java.time.LocalDate.now",
          "java.time.LocalDateTime.now",
          "java.time.ZonedDateTime.now",
          "java.time.OffsetDateTime.now",
          "java.time.Clock.systemUTC",
          "java.time.InstantSource.system",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.sleep",
          "java.lang.Thread.<init>",
          "java.lang.Thread.ofVirtual",
          "java.lang.Thread.ofPlatform",
          "java.lang.Thread.startVirtualThread",
          "java.nio.file.Path.of",
          "java.nio.file.Paths.get",
          "java.nio.file.Files.createTempFile",
          "java.nio.file.Files.createTempDirectory",
          "java.lang.Math.random");

  private static final Set<String> TIMED_WAITS =
      Set.of(
          "await",
          "awaitNanos",
          "awaitUntil",
          "awaitTermination",
          "poll",
          "offer",
          "tryLock",
          "tryAcquire",
          "get",
          "parkNanos",
          "parkUntil",
          "orTimeout",
          "completeOnTimeout",
          "join",
          "wait");

  private static boolean isTimed(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    if (TIMED.contains(owner + "." + name)) {
      return true;
    }
    boolean waits =
        owner.startsWith("java.util.concurrent.")
            || owner.equals("java.lang.Thread")
            || owner.equals("java.lang.Object");
    return waits
        && TIMED_WAITS.contains(name)
        && access.getTarget()
            instanceof com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget call
        && call.getRawParameterTypes().stream()
            .anyMatch(type ->
                type.getName().equals("long")
                    || type.getName().equals("java.util.concurrent.TimeUnit")
                    || type.getName().equals("java.time.Duration"));
  }
}
