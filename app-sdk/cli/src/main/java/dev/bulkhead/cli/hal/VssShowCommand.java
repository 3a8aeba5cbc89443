package dev.bulkhead.cli.hal;

import dev.bulkhead.cli.output.CommandFailure;
import dev.bulkhead.cli.output.Output;
import dev.bulkhead.cli.output.Table;
import dev.bulkhead.contract.capability.SignalGlob;
import dev.bulkhead.hal.HalException;
import dev.bulkhead.hal.signal.JsonValues;
import dev.bulkhead.hal.signal.LeafKind;
import dev.bulkhead.hal.signal.SignalLeaf;
import dev.bulkhead.hal.signal.SignalTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bulkhead vss show}: what a tree holds. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Count what a VSS JSON export holds, or list the leaves a pattern names.",
        footer = {
            "",
            "Examples:",
            "  bulkhead vss show default",
            "  bulkhead vss show vss.json --overlay ours.json --leaves 'Vehicle.Cabin.HVAC.**'"
        })
public final class VssShowCommand implements Runnable {
    @Mixin
    private Output output;

    @Parameters(paramLabel = "FILE", description = "A VSS JSON export (4.0 to 6.0), or 'default'.")
    private Path file;

    @Option(names = "--overlay", paramLabel = "FILE", description = "Laid over it, in the order given.")
    private List<Path> overlays = new ArrayList<>();

    @Option(names = "--leaves", paramLabel = "GLOB", description = "List these leaves: * is one level, ** any depth.")
    private @Nullable String glob;

    @Override
    public void run() {
        SignalTree tree = tree();
        List<SignalLeaf> leaves = glob == null ? List.of() : tree.matching(pattern(glob)::matches);
        if (glob != null && leaves.isEmpty()) {
            throw CommandFailure.failed(
                    file + " has no leaf " + glob,
                    NearestSignal.to(tree, pattern(glob))
                            .map(near -> "--leaves '" + near + "'")
                            .orElse("bulkhead vss show " + file + " --leaves '**' lists them"));
        }
        if (output.isJson()) {
            output.json(document(tree, leaves));
            return;
        }
        output.line(tree.size() + " leaves (" + tree.count(LeafKind.SENSOR) + " sensors, "
                + tree.count(LeafKind.ACTUATOR) + " actuators, " + tree.count(LeafKind.ATTRIBUTE) + " attributes) on "
                + tree.branchCount() + " branches");
        if (!leaves.isEmpty()) {
            Table table = new Table("PATH", "KIND", "TYPE", "UNIT", "DESCRIPTION");
            leaves.forEach(
                    leaf -> table.row(leaf.path(), kind(leaf), leaf.type().vssName(), leaf.unit(), leaf.description()));
            output.table(table);
        }
    }

    private SignalTree tree() {
        try {
            return HalFiles.vss(file, overlays).tree();
        } catch (HalException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()), "");
        }
    }

    private static SignalGlob pattern(String text) {
        try {
            return new SignalGlob(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()), "bulkhead vss show --help");
        }
    }

    private static String kind(SignalLeaf leaf) {
        return leaf.kind().name().toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> document(SignalTree tree, List<SignalLeaf> leaves) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("leaves", tree.size());
        document.put("branches", tree.branchCount());
        document.put("sensors", tree.count(LeafKind.SENSOR));
        document.put("actuators", tree.count(LeafKind.ACTUATOR));
        document.put("attributes", tree.count(LeafKind.ATTRIBUTE));
        Map<String, Integer> types = new TreeMap<>();
        tree.leaves().forEach(leaf -> types.merge(leaf.type().vssName(), 1, Integer::sum));
        document.put("datatypes", types);
        if (glob != null) {
            document.put(
                    "signals", leaves.stream().map(VssShowCommand::document).toList());
        }
        return document;
    }

    private static Map<String, Object> document(SignalLeaf leaf) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("path", leaf.path());
        document.put("kind", kind(leaf));
        document.put("datatype", leaf.type().vssName());
        document.put("unit", leaf.unit());
        leaf.min().ifPresent(min -> document.put("min", min));
        leaf.max().ifPresent(max -> document.put("max", max));
        document.put("allowed", leaf.allowed());
        leaf.defaultValue().ifPresent(value -> document.put("default", JsonValues.toJson(value)));
        document.put("ageLimitMs", leaf.ageLimit().toMillis());
        document.put("description", leaf.description());
        return document;
    }
}
