package dev.bulkhead.contract.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.Condition;
import dev.bulkhead.contract.manifest.Manifest.Budget;
import dev.bulkhead.contract.manifest.Manifest.Health;
import dev.bulkhead.contract.manifest.Manifest.OnExceed;
import dev.bulkhead.contract.manifest.Manifest.Restart;
import dev.bulkhead.contract.manifest.Manifest.RestartPolicy;
import dev.bulkhead.contract.manifest.Manifest.StateLayout;
import dev.bulkhead.contract.manifest.Manifest.Swap;
import dev.bulkhead.contract.manifest.Manifest.Throttled;
import dev.bulkhead.contract.manifest.Manifest.Update;
import dev.bulkhead.contract.toml.TomlProblem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestParserTest {
    static final String FULL = """
            [app]
            id = "com.acme.climate"        # reverse DNS
            version = "1.4.2"
            release = 17
            module = "climate.wasm"
            abi = 1

            [budget]
            cpu = "20ms/100ms"
            callback = "50ms"
            memory = "4MiB"
            queue = 1024
            storage = "256KiB"
            log = "20/s"
            on-exceed = "throttle"

            [restart]
            policy = "on-failure"
            max = 5
            window = "10m"

            [update]
            swap = "handover"
            probation = "60s"
            when = "Vehicle.Speed == 0"

            [[capability]]
            grant = "signal Vehicle.Cabin.HVAC.** read"
            reason = "to know how warm it is"

            [[capability]]
            grant = 'signal Vehicle.Cabin.HVAC.** actuate when "Vehicle.Speed < 200"'
            """;
    private static final String LEAST = """
            [app]
            id = "com.acme.climate"
            version = "1.4.2"
            release = 17
            module = "climate.wasm"
            abi = 1
            """;

    private static ManifestException refused(String toml) {
        return assertThrows(ManifestException.class, () -> ManifestParser.parse(toml, "app.toml"));
    }

    @Test
    void readsEverySection() {
        Manifest manifest = ManifestParser.parse(FULL, "app.toml");
        assertEquals("com.acme.climate", manifest.app().id().text());
        assertEquals(SemVer.parse("1.4.2"), manifest.app().version());
        assertEquals(17, manifest.app().release());
        assertEquals("climate.wasm", manifest.app().module());
        assertEquals(
                new Budget(
                        Duration.ofMillis(20),
                        Duration.ofMillis(100),
                        Duration.ofMillis(50),
                        4 << 20,
                        1024,
                        256 << 10,
                        20,
                        OnExceed.THROTTLE),
                manifest.budget());
        assertEquals(new Restart(RestartPolicy.ON_FAILURE, 5, Duration.ofMinutes(10)), manifest.restart());
        assertEquals(
                new Update(
                        Swap.HANDOVER,
                        Duration.ofSeconds(60),
                        Optional.of(Condition.parse("Vehicle.Speed == 0")),
                        Duration.ofSeconds(1),
                        Optional.empty()),
                manifest.update());
        assertEquals(2, manifest.capabilities().size());
        assertEquals(
                "to know how warm it is", manifest.capabilities().getFirst().reason());
        assertEquals(28, manifest.capabilities().getFirst().line());
        assertEquals(32, manifest.capabilities().getLast().line());
    }

    @Test
    void fillsInTheDefaults() {
        Manifest least = ManifestParser.parse(LEAST, "app.toml");
        Manifest full = ManifestParser.parse(FULL, "app.toml");
        assertEquals(full.budget(), least.budget());
        assertEquals(full.restart(), least.restart());
        assertEquals(
                new Update(
                        Swap.RESTART,
                        Duration.ofSeconds(60),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Optional.empty()),
                least.update());
        assertEquals(List.of(), least.dependencies());
        assertEquals(List.of(), least.capabilities());
    }

    @Test
    void healthHasADeadlineAndMayHaveABoundOnThrottling() {
        assertEquals(
                new Health(Duration.ofMillis(10_300), Optional.empty()),
                ManifestParser.parse(LEAST, "app.toml").health(),
                "50 ms at 20 ms in 100 ms are two periods and a part");
        assertEquals(
                new Health(Duration.ofSeconds(2), Optional.of(new Throttled(50, 100))),
                ManifestParser.parse(LEAST + "[health]\ndeadline = \"2s\"\nthrottled = \"50/100\"\n", "app.toml")
                        .health());
        assertEquals(
                Optional.of(new Throttled(100, 100)),
                ManifestParser.parse(LEAST + "[budget]\non-exceed = \"degrade\"\n", "app.toml")
                        .health()
                        .throttled());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/5", "6/5", "1/1001", "many", "5", "99999/1"})
    void aBoundOnThrottlingIsSoManyOfSoManyPeriods(String share) {
        ManifestException refused = refused(LEAST + "[health]\nthrottled = \"" + share + "\"\n");
        TomlProblem problem = refused.problems().getFirst();
        assertEquals("health.throttled", problem.key());
        assertTrue(problem.message().contains("periods"), problem.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id = \"com.acme.climate\"|id = \"Climate\"|2|app.id|reverse DNS",
                "version = \"1.4.2\"|version = \"1.4\"|3|app.version|SemVer",
                "release = 17|release = 0|4|app.release|outside 1..",
                "release = 17|release = \"17\"|4|app.release|expected a whole number",
                "release = 17|release = 99999999999999999999|4||too large",
                "module = \"climate.wasm\"|module = \"../climate.wasm\"|5|app.module|plain file name",
                "abi = 1|abi = 2|6|app.abi|2 is outside 1..1",
                "cpu = \"20ms/100ms\"|cpu = \"20%\"|9|budget.cpu|quota/period",
                "cpu = \"20ms/100ms\"|cpu = \"200ms/100ms\"|9|budget.cpu|the quota must be within 100us..100ms",
                "callback = \"50ms\"|callback = 50|10|budget.callback|expected a string",
                "memory = \"4MiB\"|memory = \"4GiB\"|11|budget.memory|64KiB..1GiB",
                "queue = 1024|queue = -1|12|budget.queue|outside 1..65536",
                "log = \"20/s\"|log = \"20\"|14|budget.log|1/s..1000/s",
                "\"throttle\"|\"throtle\"|15|budget.on-exceed|did you mean 'throttle'",
                "policy = \"on-failure\"|policy = \"sometimes\"|18|restart.policy|not one of always, on-failure, never",
                "window = \"10m\"|window = \"10min\"|20|restart.window|such as 500us",
                "\"Vehicle.Speed == 0\"|\"Vehicle.Speed = 0\"|25|update.when|column 15: a single =",
                "** read|** reed|28|capability.grant|did you mean 'read'",
                "\"signal Vehicle.Cabin.HVAC.** read\"|\"deny wasi stdio\"|28|capability.grant|only a policy denies"
            })
    void namesLineKeyAndCause(String right, String wrong, int line, String key, String cause) {
        ManifestException e = refused(FULL.replace(right, wrong));
        assertTrue(e.getMessage().contains(cause), e.getMessage());
        assertEquals(key == null ? "" : key, e.key(), e.getMessage());
        assertEquals(line, e.line(), e.getMessage());
        assertEquals(
                e.getMessage().indexOf("did you mean"), e.getMessage().lastIndexOf("did you mean"), e.getMessage());
    }

    @Test
    void readsShadowTimeAndStateLayout() {
        Manifest manifest =
                ManifestParser.parse(LEAST + "[update]\nshadow = \"250ms\"\nstate = 3\nrestores = 1\n", "app.toml");
        assertEquals(Duration.ofMillis(250), manifest.update().shadow());
        assertEquals(Optional.of(new StateLayout(3, 1)), manifest.update().state());
        assertEquals(
                Optional.of(new StateLayout(3, 3)),
                ManifestParser.parse(LEAST + "[update]\nstate = 3\n", "app.toml")
                        .update()
                        .state());
    }

    @Test
    void readsDependencies() {
        Manifest manifest = ManifestParser.parse(
                LEAST + "[[dependency]]\napp = \"com.acme.maps\"\nversion = \">=1.2 <2\"\n"
                        + "[[dependency]]\napp = \"com.acme.radio\"\noptional = true\n",
                "app.toml");
        assertEquals(
                List.of("com.acme.maps >=1.2.0 <2.0.0", "com.acme.radio"),
                manifest.dependencies().stream().map(Dependency::toString).toList());
        assertEquals(
                List.of(false, true),
                manifest.dependencies().stream().map(Dependency::optional).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[update]#shadow = \"1h\"|update.shadow|within 0ms..10m",
                "[update]#state = 0|update.state|outside 1..",
                "[update]#state = 2#restores = 3|update.restores|outside 0..2",
                "[update]#restores = 3|update.restores|says nothing without update.state",
                "[[dependency]]#version = \"*\"|dependency.app|is missing",
                "[[dependency]]#app = \"Maps\"|dependency.app|reverse DNS",
                "[[dependency]]#app = \"com.acme.climate\"|dependency.app|does not depend on itself",
                "[[dependency]]#app = \"com.a\"#[[dependency]]#app = \"com.a\"|dependency.app|named already on line 8",
                "[[dependency]]#app = \"com.a\"#version = \"1.2\"|dependency.version|such as >=1.2 <2",
                "[[dependency]]#app = \"com.a\"#optional = 1|dependency.optional|true or false",
                "[[dependency]]#app = \"com.a\"#versoin = \"*\"|dependency.versoin|did you mean 'version'"
            })
    void refusesWrongUpdatesAndDependencies(String lines, String key, String cause) {
        ManifestException e = refused(LEAST + lines.replace('#', '\n') + "\n");
        assertTrue(e.getMessage().contains(cause), e.getMessage());
        assertEquals(key, e.key(), e.getMessage());
    }

    @Test
    void unknownKeysAreErrorsWithTheNearestKnownKey() {
        ManifestException e = refused(FULL.replace("memory =", "memroy ="));
        assertEquals(11, e.line());
        assertEquals("budget.memroy", e.key());
        assertEquals(Optional.of("memory"), e.suggestion());
        assertTrue(e.getMessage().startsWith("app.toml:11:1: budget.memroy: unknown key"), e.getMessage());
    }

    @Test
    void unknownSectionsAreErrors() {
        ManifestException e = refused(LEAST + "\n[bugdet]\ncpu = \"1ms/2ms\"\n");
        assertEquals("bugdet", e.key());
        assertEquals(8, e.line());
        assertEquals(Optional.of("budget"), e.suggestion());
    }

    @Test
    void reportsEveryMistakeAtOnce() {
        ManifestException e = refused(FULL.replace("release = 17", "release = 0")
                .replace("queue = 1024", "qeue = 1024")
                .replace("max = 5", "max = 500"));
        assertEquals(
                List.of("app.release", "budget.qeue", "restart.max"),
                e.problems().stream().map(TomlProblem::key).toList());
    }

    @Test
    void namesTheRequiredKeysThatAreMissing() {
        ManifestException e = refused("[app]\nid = \"com.acme.x\"\n");
        assertEquals(
                List.of("app.version", "app.release", "app.module", "app.abi"),
                e.problems().stream().map(TomlProblem::key).toList());
        assertTrue(refused("").getMessage().contains("app.id: is missing"));
    }

    @Test
    void refusesTheSameRequestTwice() {
        ManifestException e = refused(FULL + "\n[[capability]]\ngrant = \"signal Vehicle.Cabin.HVAC.** read\"\n");
        assertTrue(e.getMessage().contains("asked for already on line 28"), e.getMessage());
    }

    @Test
    void namesTheLineOfASyntaxError() {
        ManifestException e = refused(LEAST + "[budget\n");
        assertEquals(7, e.line());
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] bytes = FULL.getBytes(StandardCharsets.UTF_8);
        bytes[20] = (byte) 0xFF;
        assertThrows(ManifestException.class, () -> ManifestParser.parse(bytes, "app.toml"));
    }

    @Test
    void refusesAFileThatIsTooLongOrTooDeep() {
        refused("#".repeat(70_000));
        refused("a = " + "[".repeat(40_000));
        refused("a = " + "{b=".repeat(10_000));
        refused("a" + ".a".repeat(20_000) + " = 1");
    }
}
