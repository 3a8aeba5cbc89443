package dev.bulkhead.contract.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.manifest.Manifest;
import dev.bulkhead.contract.manifest.ManifestParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example apps against the contract: what they import exists, with these types, and is asked for. */
class ExampleAppsTest {
    private static final Path EXAMPLES = Path.of("../examples");

    static Stream<Path> manifests() throws Exception {
        try (Stream<Path> files = Files.walk(EXAMPLES, 2)) {
            return files
                    .filter(f -> f.getFileName().toString().matches("app(-v\\d+)?\\.toml"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void importsOnlyWhatTheTableHasAndTheManifestAsksFor(Path file) throws Exception {
        Manifest manifest = ManifestParser.parse(Files.readAllBytes(file), file.toString());
        List<Capability> asked = manifest.capabilities().stream()
                .map(r -> r.grant().capability())
                .toList();
        Path module = file.resolveSibling(manifest.app().module());
        List<ModuleImports.Function> imports = ModuleImports.read(Files.readAllBytes(module));
        assertFalse(imports.isEmpty());
        for (ModuleImports.Function used : imports) {
            Optional<HostFunction> known = HostFunctions.find(used.module(), used.name());
            assertTrue(known.isPresent(), used + " is not in the table");
            assertEquals(known.get().shape(), used.shape(), used.toString());
            assertTrue(
                    known.get().need().coveredBy(asked),
                    used + " needs " + known.get().need());
        }
        for (Capability capability : asked) {
            assertTrue(
                    imports.stream()
                            .map(i -> HostFunctions.find(i.module(), i.name())
                                    .orElseThrow()
                                    .need())
                            .anyMatch(need -> need != Need.NOTHING && need.coveredBy(List.of(capability))),
                    "asks for what it does not use: " + capability);
        }
    }
}
