package skarb.s3;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/// The arrows between the gateway's packages: down the way of a request.
@AnalyzeClasses(packages = "skarb.s3", importOptions = DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("gateway")
          .definedBy("skarb.s3")
          .layer("http")
          .definedBy("skarb.s3.http")
          .layer("operations")
          .definedBy(
              "skarb.s3.ops.object",
              "skarb.s3.ops.multipart",
              "skarb.s3.ops.list",
              "skarb.s3.ops.bucket",
              "skarb.s3.ops.settings")
          .layer("ops")
          .definedBy("skarb.s3.ops")
          .layer("auth")
          .definedBy("skarb.s3.auth")
          .layer("headers")
          .definedBy("skarb.s3.headers")
          .layer("xml")
          .definedBy("skarb.s3.xml")
          .layer("route")
          .definedBy("skarb.s3.route")
          .layer("error")
          .definedBy("skarb.s3.error")
          .whereLayer("gateway")
          .mayOnlyAccessLayers("http", "operations", "ops", "auth", "route")
          .whereLayer("http")
          .mayOnlyAccessLayers("ops", "auth", "headers", "xml", "route", "error")
          .whereLayer("operations")
          .mayOnlyAccessLayers("ops", "auth", "headers", "xml", "route", "error")
          .whereLayer("ops")
          .mayOnlyAccessLayers("auth", "headers", "route", "error")
          .whereLayer("auth")
          .mayOnlyAccessLayers("headers", "route", "error")
          .whereLayer("headers")
          .mayOnlyAccessLayers("route", "error")
          .whereLayer("xml")
          .mayOnlyAccessLayers("error")
          .whereLayer("route")
          .mayOnlyAccessLayers("error")
          .whereLayer("error")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule NO_CIRCLES = slices().matching("skarb.s3.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NEVER_THE_NODE =
      ArchRuleDefinition.noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("skarb.node..", "skarb.sync..", "skarb.cli..");

  @ArchTest
  static final ArchRule NETTY_AT_THE_EDGE_ONLY =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages("skarb.s3", "skarb.s3.http")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");
}
