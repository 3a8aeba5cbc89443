package dev.bulkhead.contract.manifest;

import dev.bulkhead.contract.toml.TomlSection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code [[dependency]]} sections. */
final class DependencyReader {
    static final int MOST = 16;

    private DependencyReader() {}

    /** @param own the app's own id, as far as it could be read */
    static List<Dependency> read(List<TomlSection> sections, Optional<AppId> own) {
        Map<AppId, Integer> lines = new HashMap<>();
        own.ifPresent(id -> lines.put(id, 0));
        return sections.stream()
                .flatMap(section -> dependency(section, lines).stream())
                .toList();
    }

    private static Optional<Dependency> dependency(TomlSection section, Map<AppId, Integer> lines) {
        section.require("app");
        Optional<AppId> app = section.read("app", text -> Optional.of(new AppId(text)), "");
        VersionRange versions = section.read("version", text -> Optional.of(VersionRange.parse(text)), "")
                .orElse(VersionRange.ANY);
        boolean optional = section.flag("optional").orElse(false);
        if (app.isEmpty()) {
            return Optional.empty();
        }
        Integer earlier = lines.putIfAbsent(app.get(), section.lineOf("app"));
        if (earlier != null) {
            section.problem(
                    "app", earlier == 0 ? "an app does not depend on itself" : "named already on line " + earlier);
        }
        return Optional.of(new Dependency(app.get(), versions, optional));
    }
}
