package dev.bulkhead.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;

/** The plan of the house as rules: who may depend on whom, and where time, chance and the engine may be met. */
@AnalyzeClasses(packages = "dev.bulkhead", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesDependOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("contract")
            .definedBy("dev.bulkhead.contract..")
            .layer("security")
            .definedBy("dev.bulkhead.security..")
            .layer("hal")
            .definedBy("dev.bulkhead.hal..")
            .layer("agent")
            .definedBy("dev.bulkhead.agent..")
            .layer("server")
            .definedBy("dev.bulkhead.server..")
            .layer("simulator")
            .definedBy("dev.bulkhead.simulator..")
            .layer("cli")
            .definedBy("dev.bulkhead.cli..")
            .withOptionalLayers(true)
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("simulator")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("agent")
            .mayOnlyBeAccessedByLayers("simulator", "cli")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers("simulator", "cli")
            .whereLayer("hal")
            .mayOnlyBeAccessedByLayers("agent", "simulator", "cli")
            .whereLayer("security")
            .mayOnlyBeAccessedByLayers("hal", "agent", "server", "simulator", "cli");

    @ArchTest
    static final ArchRule roomsHaveNoCircles =
            slices().matching("dev.bulkhead.(*.*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyTheSandboxKnowsTheEngine = noClasses()
            .that()
            .resideOutsideOfPackages("dev.bulkhead.agent.sandbox..", "dev.bulkhead.agent.metering..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("run.endive..");

    @ArchTest
    static final ArchRule onlyMainReadsTheWallClock = noClasses()
            .that()
            .resideOutsideOfPackages("..main..", "dev.bulkhead.cli..")
            .should()
            .callMethodWhere(asksTheWallClock());

    @ArchTest
    static final ArchRule chanceIsSeeded = noClasses()
            .that()
            .resideOutsideOfPackages("..main..", "dev.bulkhead.cli..")
            .should()
            .callConstructor(Random.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule namesSayWhatThingsAre = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl");

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethodCall> asksTheWallClock() {
        DescribedPredicate<JavaClass> clocks = resideInAPackage("java..").as("the JDK's clocks");
        return DescribedPredicate.describe(
                "reads the wall clock", call -> clocks.test(call.getTargetOwner()) && isWallClock(call));
    }

    private static boolean isWallClock(JavaAccess<?> call) {
        String method = call.getTargetOwner().getName() + "." + call.getTarget().getName();
        return method.equals("java.lang.System.currentTimeMillis")
                || method.equals("java.lang.System.nanoTime")
                || method.equals(Instant.class.getName() + ".now")
                || method.equals("java.time.Clock.systemUTC")
                || method.equals("java.time.Clock.systemDefaultZone");
    }
}
