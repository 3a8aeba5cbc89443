package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.capability.CapabilityLine;
import dev.bulkhead.contract.capability.Condition;
import dev.bulkhead.contract.manifest.Manifest.AppSection;
import dev.bulkhead.contract.manifest.Manifest.Health;
import dev.bulkhead.contract.manifest.Manifest.Restart;
import dev.bulkhead.contract.manifest.Manifest.RestartPolicy;
import dev.bulkhead.contract.manifest.Manifest.StateLayout;
import dev.bulkhead.contract.manifest.Manifest.Swap;
import dev.bulkhead.contract.manifest.Manifest.Update;
import dev.bulkhead.contract.toml.TomlDocument;
import dev.bulkhead.contract.toml.TomlException;
import dev.bulkhead.contract.toml.TomlProblem;
import dev.bulkhead.contract.toml.TomlSection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads {@code app.toml}. Stateless. */
public final class ManifestParser {
    /** Releases are counted up to what JSON numbers hold exactly. */
    private static final long LAST_RELEASE = (1L << 53) - 1;

    private static final int MOST_CAPABILITIES = 256;
    private static final int LONGEST_REASON = 200;
    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,94}\\.wasm");

    private ManifestParser() {}

    /**
     * Reads a manifest of at most 64 KiB.
     *
     * @param fileName how messages name it
     * @throws ManifestException with every mistake found
     */
    public static Manifest parse(String toml, String fileName) {
        return read(() -> TomlDocument.parse(toml, fileName), fileName);
    }

    /** As {@link #parse(String, String)}, from UTF-8 bytes. */
    public static Manifest parse(byte[] utf8, String fileName) {
        return read(() -> TomlDocument.parse(utf8, fileName), fileName);
    }

    private static Manifest read(Supplier<TomlDocument> parse, String fileName) {
        TomlDocument document;
        try {
            document = parse.get();
        } catch (TomlException e) {
            throw new ManifestException(fileName, e.problems());
        }
        TomlSection root = document.root();
        Optional<AppSection> app = app(root.section("app"));
        Manifest.Budget budget = BudgetReader.read(root.section("budget"));
        Restart restart = restart(root.section("restart"));
        Health health = HealthReader.read(root.section("health"), budget);
        Update update = update(root.section("update"));
        List<CapabilityRequest> requests = requests(root.sections("capability", MOST_CAPABILITIES));
        List<Dependency> dependencies =
                DependencyReader.read(root.sections("dependency", DependencyReader.MOST), app.map(AppSection::id));
        List<TomlProblem> problems = document.problems();
        if (!problems.isEmpty() || app.isEmpty()) {
            throw new ManifestException(fileName, problems);
        }
        return new Manifest(app.get(), budget, restart, health, update, requests, dependencies);
    }

    /** Empty only when a mistake was noted. */
    private static Optional<AppSection> app(TomlSection section) {
        List.of("id", "version", "release", "module", "abi").forEach(section::require);
        Optional<AppId> id = section.read("id", text -> Optional.of(new AppId(text)), "");
        Optional<SemVer> version = section.read("version", text -> Optional.of(SemVer.parse(text)), "");
        Optional<Long> release = section.integer("release", 1, LAST_RELEASE);
        Optional<String> module = section.read(
                "module",
                text -> Optional.of(text).filter(t -> MODULE.matcher(t).matches()),
                "a plain file name that ends in .wasm, 100 characters at most");
        Optional<Long> abi = section.integer("abi", 1, 1);
        if (id.isEmpty() || version.isEmpty() || release.isEmpty() || module.isEmpty() || abi.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AppSection(
                id.get(), version.get(), release.get(), module.get(), abi.get().intValue()));
    }

    private static Restart restart(TomlSection section) {
        RestartPolicy policy = section.choice("policy", RestartPolicy.values()).orElse(RestartPolicy.ON_FAILURE);
        long max = section.integer("max", 0, 100).orElse(5L);
        Duration window = BudgetReader.span(section, "window", Duration.ofSeconds(1), Duration.ofHours(24))
                .orElse(Duration.ofMinutes(10));
        return new Restart(policy, (int) max, window);
    }

    private static Update update(TomlSection section) {
        Swap swap = section.choice("swap", Swap.values()).orElse(Swap.RESTART);
        Duration probation = BudgetReader.span(section, "probation", Duration.ZERO, Duration.ofHours(24))
                .orElse(Duration.ofSeconds(60));
        Optional<Condition> when = section.read("when", text -> Optional.of(Condition.parse(text)), "a condition");
        Duration shadow = BudgetReader.span(section, "shadow", Duration.ZERO, Duration.ofMinutes(10))
                .orElse(Duration.ofSeconds(1));
        return new Update(swap, probation, when, shadow, layout(section));
    }

    private static Optional<StateLayout> layout(TomlSection section) {
        Optional<Long> writes = section.integer("state", 1, Integer.MAX_VALUE);
        Optional<Long> restores = section.integer("restores", 0, writes.orElse((long) Integer.MAX_VALUE));
        if (writes.isEmpty() && restores.isPresent()) {
            section.problem("restores", "says nothing without update.state, the layout this version writes");
        }
        return writes.map(layout ->
                new StateLayout(layout.intValue(), restores.orElse(layout).intValue()));
    }

    private static List<CapabilityRequest> requests(List<TomlSection> sections) {
        Map<Capability, Integer> lines = new HashMap<>();
        return sections.stream()
                .flatMap(section -> request(section, lines).stream())
                .toList();
    }

    private static Optional<CapabilityRequest> request(TomlSection section, Map<Capability, Integer> lines) {
        section.require("grant");
        Optional<CapabilityLine> grant =
                section.read("grant", text -> Optional.of(CapabilityLine.parse(text)), "a capability line");
        String reason = section.string("reason").orElse("");
        if (reason.length() > LONGEST_REASON || reason.chars().anyMatch(c -> c < ' ' || c == 127)) {
            section.problem("reason", "a reason is one line of at most " + LONGEST_REASON + " characters");
        }
        if (grant.isEmpty()) {
            return Optional.empty();
        }
        if (grant.get().deny()) {
            section.problem("grant", "a manifest asks; only a policy denies");
        }
        Integer earlier = lines.putIfAbsent(grant.get().capability(), section.lineOf("grant"));
        if (earlier != null) {
            section.problem("grant", "asked for already on line " + earlier);
        }
        return Optional.of(new CapabilityRequest(grant.get(), reason, section.lineOf("grant")));
    }
}
