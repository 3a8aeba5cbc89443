package dev.bulkhead.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.bulkhead.cli.app.ExampleApps;
import dev.bulkhead.cli.output.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The chapters of the demo, each a few commands and what must be true after them. */
final class Story {
    static final String VEHICLE = "DEMO-0001";
    private static final String CLIMATE = "com.polar.climate";
    private static final String HOG = "com.mallory.hog";
    private static final String BRAKEJACK = "com.mallory.brakejack";
    private static final Duration START = Duration.ofSeconds(60);
    /** A busy machine may cost a neighbour one event in this many; a hog may not. */
    private static final int MOST_LOST = 10;

    private static final Duration WORK = Duration.ofSeconds(90);

    /** Example folder to vendor; the hog comes last, when the others have found their rhythm. */
    private static final Map<String, String> WELL_BEHAVED = ordered("climate", "polar", "speedadvisor", "verkehr");

    private static final Map<String, String> VENDORS =
            ordered("polar", "com.polar", "verkehr", "com.verkehr", "verdant", "com.verdant", "mallory", "com.mallory");

    static {
        WELL_BEHAVED.put("ecocoach", "verdant");
        WELL_BEHAVED.put("brakejack", "mallory");
    }

    private final Stage stage;
    private final Path examples = ExampleApps.folder();
    private Map<String, JsonNode> quiet = Map.of();

    Story(Stage stage) {
        this.stage = stage;
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    void makeKeys() {
        stage.title("The OEM makes its keys, certifies four vendors, a vehicle and the fleet server");
        stage.run("keys", "init");
        VENDORS.forEach((vendor, prefix) -> stage.run("keys", "vendor", vendor, "--prefix", prefix));
        stage.run("keys", "vehicle", VEHICLE);
        stage.run("keys", "server");
    }

    void packAndSign() {
        stage.title("The vendors pack and sign their apps");
        WELL_BEHAVED.forEach((app, vendor) -> packed(app, "app.toml", app, vendor));
        packed("hog", "app.toml", "hog", "mallory");
        stage.run("verify", file("climate").toString());
    }

    private void packed(String app, String manifest, String name, String vendor) {
        stage.run(
                "pack",
                examples.resolve(app).toString(),
                "--manifest",
                manifest,
                "-o",
                file(name).toString());
        stage.run("sign", file(name).toString(), "--vendor", vendor);
    }

    private Path file(String name) {
        return stage.home().resolve(name + ".sdvapp");
    }

    ChildProcess startServer() {
        stage.title("The fleet server starts: broker, repositories, database, API");
        return child(
                "server",
                "api.address",
                stage.home().resolve("server"),
                "--mqtt-port",
                "0",
                "--web-port",
                "0",
                "--est-port",
                "0");
    }

    ChildProcess startVehicle() {
        stage.title("The vehicle starts and drives the UDDS speed profile");
        Path folder = stage.home().resolve("vehicles").resolve(VEHICLE);
        ChildProcess agent = child("agent", "api.address", folder, "--vehicle", VEHICLE, "--simulate", "udds");
        Patience.until("the vehicle to come online", START, () -> {
            agent.requireAlive();
            JsonNode vehicles = stage.ask("vehicles");
            return vehicles.path(0).path("online").asBoolean() ? Optional.of(true) : Optional.empty();
        });
        stage.good("the vehicle is online over MQTT 5 with mutual TLS");
        return agent;
    }

    private ChildProcess child(String command, String readyFile, Path folder, String... options) {
        List<String> args =
                new ArrayList<>(List.of(command, "--home", stage.home().toString()));
        args.addAll(List.of(options));
        ChildProcess process = ChildProcess.start(command, stage.home().resolve(command + ".log"), args);
        try {
            Patience.until("the " + command + " to be ready", START, () -> {
                process.requireAlive();
                return Files.exists(folder.resolve(readyFile)) ? Optional.of(true) : Optional.empty();
            });
        } catch (StepFailed e) {
            process.close();
            throw e;
        }
        stage.good("bulkhead " + command + " runs as process " + process.pid());
        return process;
    }

    void publishAndInstall() {
        stage.title("Packages are published, assigned, pulled over the air, verified and started");
        WELL_BEHAVED.forEach((app, vendor) -> stage.run("publish", file(app).toString(), "--vendor", vendor));
        for (JsonNode app : stage.ask("apps")) {
            stage.run("assign", app.path("appId").asText(), "--vehicle", VEHICLE);
        }
        Patience.until("all apps to be proven", WORK, () -> allSucceeded() ? Optional.of(true) : Optional.empty());
        stage.good("every app held through its probation on the vehicle");
        quiet = apps();
        stage.run("ps");
    }

    private boolean allSucceeded() {
        for (JsonNode assignment : stage.ask("status")) {
            for (JsonNode vehicle : assignment.path("vehicles")) {
                String state = vehicle.path("state").asText();
                if (List.of("failed", "refused", "rolled-back").contains(state)) {
                    throw new StepFailed(assignment.path("appId").asText() + " " + state + " ("
                            + vehicle.path("reason").asText() + "): "
                            + vehicle.path("detail").asText());
                }
            }
            if (assignment.path("counts").path("succeeded").asInt() == 0) {
                return false;
            }
        }
        return true;
    }

    private Map<String, JsonNode> apps() {
        Map<String, JsonNode> apps = new LinkedHashMap<>();
        stage.ask("ps").forEach(app -> apps.put(app.path("app").asText(), app));
        return apps;
    }

    void wallOffTheHog() {
        stage.title("A hog moves in: it is throttled, then killed, then quarantined; its neighbours keep their rhythm");
        stage.run("publish", file("hog").toString(), "--vendor", "mallory");
        stage.run("assign", HOG, "--vehicle", VEHICLE);
        JsonNode throttled = Patience.until(
                "the hog to be throttled",
                WORK,
                () -> hog().filter(app -> app.path("throttled").asLong() > 0));
        stage.good("throttled: the hog had to wait in "
                + throttled.path("throttled").asLong() + " periods of "
                + throttled.path("cpuPeriodMs").asInt() + " ms");
        JsonNode walled = Patience.until(
                "the hog to be quarantined",
                WORK,
                () -> hog().filter(app -> app.path("state").asText().equals("QUARANTINED")));
        stage.good("quarantined: " + walled.path("cause").asText());
        apps().forEach(this::compareRhythm);
    }

    private Optional<JsonNode> hog() {
        return Optional.ofNullable(apps().get(HOG));
    }

    private void compareRhythm(String app, JsonNode now) {
        JsonNode before = quiet.get(app);
        if (before == null) {
            return;
        }
        long delivered = grown("events", before, now);
        long lost = grown("dropped", before, now);
        if (now.path("restarts").asInt() > 0 || delivered <= 0 || lost * MOST_LOST > delivered) {
            throw new StepFailed(app + " lost its rhythm: " + now);
        }
        stage.good(String.format(
                Locale.ROOT,
                "%-26s %5d events meanwhile, %d lost, 0 restarts; its timers late by %.2f ms (p99), %.2f ms before",
                app,
                delivered,
                lost,
                now.path("jitterP99Ms").asDouble(),
                before.path("jitterP99Ms").asDouble()));
    }

    private static long grown(String field, JsonNode before, JsonNode now) {
        return now.path(field).asLong() - before.path(field).asLong();
    }

    void denyTheBrake() {
        stage.title("An app reaches for the brake: denied by a named rule, and on record");
        JsonNode denial = Patience.until("the denial in the audit log", WORK, this::brakeDenial);
        stage.good(denial.path("count").asLong() + " attempts at \""
                + denial.path("access").asText() + "\" denied by the rule \""
                + denial.path("rule").asText() + "\"");
    }

    private Optional<JsonNode> brakeDenial() {
        for (JsonNode row : stage.ask("audit", "matrix", "--app", BRAKEJACK).path("rows")) {
            for (JsonNode touch : row.path("touches")) {
                if (touch.path("kind").asText().equals("denied")
                        && touch.path("access").asText().contains("Brake")) {
                    return Optional.of(touch);
                }
            }
        }
        return Optional.empty();
    }

    void update() {
        stage.title("The climate controller is updated over the air; a broken version after it undoes itself");
        packed("climate", "app-v2.toml", "climate-2", "polar");
        stage.run("publish", file("climate-2").toString(), "--vendor", "polar");
        stage.run("assign", CLIMATE, "--vehicle", VEHICLE, "--wait", "90");
        requireVersion("2.0.0");
        packed("climate", "app-v3.toml", "climate-3", "polar");
        stage.run("publish", file("climate-3").toString(), "--vendor", "polar");
        stage.refused(ExitCode.FAILED.status(), "assign", CLIMATE, "--vehicle", VEHICLE, "--wait", "90");
        requireVersion("2.0.0");
        stage.good("version 3.0.0 failed on the vehicle and version 2.0.0 runs again");
    }

    private void requireVersion(String wanted) {
        JsonNode climate = Patience.until(
                "climate " + wanted,
                WORK,
                () -> Optional.ofNullable(apps().get(CLIMATE))
                        .filter(app -> app.path("version").asText().equals(wanted)
                                && app.path("state").asText().equals("RUNNING")));
        stage.good(CLIMATE + " runs version " + climate.path("version").asText());
    }

    void refuseAttacks() {
        stage.title("A tampered package and a downgrade are refused");
        Path tampered = Tampering.swapModule(file("climate-2"), file("ecocoach"), file("tampered"));
        stage.refused(ExitCode.REFUSED.status(), "verify", tampered.toString());
        stage.refused(ExitCode.REFUSED.status(), "publish", tampered.toString(), "--vendor", "polar");
        stage.refused(ExitCode.REFUSED.status(), "assign", CLIMATE, "1.0.0", "--vehicle", VEHICLE, "--wait", "30");
        requireVersion("2.0.0");
    }

    void audit() {
        stage.title("The auditor asks who may touch, did touch and tried to touch what, and checks the log");
        stage.run("audit", "matrix");
        String log = stage.home().resolve("log.audit").toString();
        String key = stage.home().resolve("vehicle.vkey").toString();
        stage.run("audit", "key", "--out", key);
        stage.run("audit", "export", log);
        stage.run("audit", "verify", "--log", log, "--key", key);
    }
}
