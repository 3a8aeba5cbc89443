package dev.bulkhead.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;

/** The plan of the house as rules: who may depend on whom, and in which one room time, chance and each library may be met. */
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
    static final ArchRule onlyTheSandboxReadsAndCompilesModules = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.bulkhead.agent.sandbox..", "dev.bulkhead.agent.codegen..", "dev.bulkhead.agent.wasm..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.bulkhead.agent.codegen..", "dev.bulkhead.agent.wasm..");

    @ArchTest
    static final ArchRule onlyCodegenWritesBytecode = only("dev.bulkhead.agent.codegen..", "org.objectweb.asm..");

    @ArchTest
    static final ArchRule onlyOneRoomKnowsTheMqttClient = only("dev.bulkhead.agent.ota.mqtt..", "org.eclipse.paho..");

    @ArchTest
    static final ArchRule onlyOneRoomKnowsTheBroker = only("dev.bulkhead.server.broker..", "com.hivemq..");

    @ArchTest
    static final ArchRule onlyOneRoomKnowsTheServersDatabase =
            only("dev.bulkhead.server.store..", "org.jdbi..", "com.zaxxer..", "org.flywaydb..");

    @ArchTest
    static final ArchRule onlyOneRoomKnowsTheWebFramework = only("dev.bulkhead.server.web..", "io.javalin..");

    @ArchTest
    static final ArchRule onlyOneRoomParsesToml = only("dev.bulkhead.contract.toml..", "org.tomlj..");

    @ArchTest
    static final ArchRule onlyOneRoomDecompresses = only("dev.bulkhead.contract.pack..", "com.github.luben.zstd..");

    @ArchTest
    static final ArchRule onlyTwoRoomsLeaveTheJvm = noClasses()
            .that()
            .resideOutsideOfPackages("dev.bulkhead.hal.driver.socketcan..", "dev.bulkhead.agent.service..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.foreign..");

    @ArchTest
    static final ArchRule onlyMainWritesMetrics = only("..main..", "io.prometheus..");

    @ArchTest
    static final ArchRule onlyTheCommandLineParsesArguments = only("dev.bulkhead.cli..", "picocli..");

    @ArchTest
    static final ArchRule onlyProgramsKnowTheLoggingBackEnd = noClasses()
            .that()
            .resideOutsideOfPackages("..main..", "dev.bulkhead.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ch.qos.logback..");

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

    private static ArchRule only(String room, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }

    private static DescribedPredicate<JavaMethodCall> asksTheWallClock() {
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
