package dev.bulkhead.agent.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays one script of the specification's test suite, as {@code wast2json} writes it, against an engine. */
final class SpecScript {
    private static final String NO_MODULE = "";

    private final Engine engine;
    private final Path json;
    private final Map<String, Instance> instances = new HashMap<>();
    private final Map<String, CompiledModule> modules = new HashMap<>();
    private String current = NO_MODULE;
    private boolean skipping;

    int passed;
    int skipped;
    final List<String> failures = new ArrayList<>();

    SpecScript(Engine engine, Path json) {
        this.engine = engine;
        this.json = json;
    }

    void play() throws IOException {
        for (JsonNode command : new ObjectMapper().readTree(json.toFile()).get("commands")) {
            try {
                play(command);
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                fail(command, "threw " + e.toString().lines().findFirst().orElse(""));
            }
        }
    }

    private void fail(JsonNode command, String why) {
        failures.add(json.getFileName() + ":" + command.path("line").asInt() + " "
                + command.path("type").asText() + ": " + why);
    }

    private void play(JsonNode command) throws IOException {
        switch (command.get("type").asText()) {
            case "module" -> module(command);
            case "assert_return", "action" -> returns(command);
            case "assert_trap", "assert_exhaustion", "assert_exception" -> traps(command);
            case "assert_invalid", "assert_malformed" -> refused(command);
            case "assert_uninstantiable" -> uninstantiable(command);
            default -> skipped++;
        }
    }

    private byte[] bytes(JsonNode command) throws IOException {
        return Files.readAllBytes(json.resolveSibling(command.get("filename").asText()));
    }

    private Optional<Instance> load(byte[] bytes, JsonNode command) {
        try {
            CompiledModule module = engine.compile(bytes, Limits.forMemory(1L << 30), SpecScript::gate);
            modules.put(current, module);
            return Optional.of(module.instantiate(imports(), Budget.unlimitedCpu(1L << 30), CpuMeter.unlimited()));
        } catch (AdmissionException e) {
            if (e.reason() == AdmissionException.Reason.UNSUPPORTED
                    || e.reason() == AdmissionException.Reason.UNKNOWN_IMPORT
                    || e.reason() == AdmissionException.Reason.OVER_LIMIT
                    || e.reason() == AdmissionException.Reason.MEMORY_OVER_BUDGET) {
                skipped++;
            } else {
                fail(command, e.getMessage());
            }
            return Optional.empty();
        }
    }

    private void module(JsonNode command) throws IOException {
        current = command.path("name").asText(NO_MODULE);
        Optional<Instance> instance = load(bytes(command), command);
        skipping = instance.isEmpty();
        if (skipping) {
            instances.remove(current);
            modules.remove(current);
            return;
        }
        instances.put(current, instance.get());
        instances.put(NO_MODULE, instance.get());
        modules.put(NO_MODULE, modules.get(current));
    }

    private Optional<Outcome> act(JsonNode command) {
        JsonNode action = command.get("action");
        String name = action.path("module").asText(NO_MODULE);
        Instance instance = instances.get(name);
        if ((skipping && name.equals(NO_MODULE))
                || instance == null
                || !action.get("type").asText().equals("invoke")) {
            skipped++;
            return Optional.empty();
        }
        return Optional.of(instance.call(action.get("field").asText(), SpecValues.bits(action.get("args"))));
    }

    private void returns(JsonNode command) {
        act(command).ifPresent(outcome -> {
            if (!(outcome instanceof Outcome.Returned returned)) {
                fail(command, "gave " + outcome);
                return;
            }
            JsonNode expected = command.path("expected");
            int at = 0;
            for (int i = 0; i < expected.size() && command.get("type").asText().equals("assert_return"); i++) {
                if (!SpecValues.matches(expected.get(i), returned.results(), at)) {
                    fail(command, "results are " + returned.results() + ", not " + expected.get(i) + " at " + at);
                    return;
                }
                at += SpecValues.longs(expected.get(i));
            }
            passed++;
        });
    }

    private void traps(JsonNode command) {
        act(command).ifPresent(outcome -> {
            String text = command.path("text").asText();
            if (outcome instanceof Outcome.Trapped trapped
                    && (trapped.message().startsWith(text)
                            || text.startsWith(trapped.message())
                            || command.get("type").asText().equals("assert_exception"))) {
                passed++;
            } else {
                fail(command, "wanted " + text + ", gave " + outcome);
            }
        });
    }

    private void refused(JsonNode command) throws IOException {
        if (!command.path("module_type").asText().equals("binary")) {
            skipped++;
            return;
        }
        try {
            engine.compile(bytes(command), Limits.forMemory(1L << 30), SpecScript::gate);
            fail(command, "accepted, should say " + command.path("text").asText());
        } catch (AdmissionException e) {
            passed++;
        }
    }

    private void uninstantiable(JsonNode command) throws IOException {
        Optional<Instance> instance = load(bytes(command), command);
        if (instance.isPresent()) {
            if (((GuestInstance) instance.get()).prepare() instanceof Outcome.Trapped) {
                passed++;
            } else {
                fail(command, "instantiated, should say " + command.path("text").asText());
            }
        } else { // what it would have written before its trap into what others export is not there
            instances.clear();
        }
    }

    private static final Map<String, String> SPECTEST = Map.of(
            "print", "()",
            "print_i32", "(i32)",
            "print_i64", "(i64)",
            "print_f32", "(f32)",
            "print_f64", "(f64)",
            "print_i32_f32", "(i32,f32)",
            "print_f64_f64", "(f64,f64)");

    private static ImportGate.Ruling gate(String module, String name) {
        String signature = module.equals("spectest") ? SPECTEST.get(name) : null;
        return signature == null
                ? new ImportGate.Ruling.Unknown(Optional.empty())
                : new ImportGate.Ruling.Known(Signature.parse(signature));
    }

    private static HostImports imports() {
        HostImports.Builder builder = HostImports.builder();
        SPECTEST.forEach((name, signature) ->
                builder.function("spectest", name, Signature.parse(signature), (memory, args) -> 0));
        return builder.build();
    }
}
