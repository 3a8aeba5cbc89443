package dev.bulkhead.contract.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The C header against the table: every function of hal and app, with its types; every code; every size. */
class GuestHeaderTest {
    private static final Path HEADER = Path.of("../guest-c/include/bulkhead.h");
    private static final Pattern IMPORT =
            Pattern.compile("BH_IMPORT\\(\"(\\w+)\", \"(\\w+)\"\\) (\\w+) (\\w+)\\(([^)]*)\\);");

    private static String header() throws Exception {
        return Files.readString(HEADER);
    }

    private static String type(String parameter) {
        if (parameter.contains("*")) {
            return "i32";
        }
        return switch (parameter.strip().split("\\s+", -1)[0]) {
            case "int32_t", "uint32_t" -> "i32";
            case "int64_t" -> "i64";
            case "double" -> "f64";
            case "void" -> "";
            default -> throw new IllegalArgumentException(parameter);
        };
    }

    @Test
    void declaresEveryFunctionWithItsTypes() throws Exception {
        Map<String, String> declared = new TreeMap<>();
        Matcher line = IMPORT.matcher(header());
        while (line.find()) {
            String parameters = Stream.of(line.group(5).split(",", -1))
                    .map(GuestHeaderTest::type)
                    .filter(t -> !t.isEmpty())
                    .collect(Collectors.joining(", ", "(", ")"));
            String result = type(line.group(3));
            declared.put(line.group(1) + "." + line.group(2), parameters + (result.isEmpty() ? "" : " -> " + result));
            assertEquals(line.group(1) + "_" + line.group(2), line.group(4));
        }
        Map<String, String> table = HostFunctions.table().stream()
                .filter(f -> !f.module().startsWith("wasi"))
                .collect(Collectors.toMap(HostFunction::qualifiedName, HostFunction::shape, (a, b) -> a, TreeMap::new));
        assertEquals(table, declared);
    }

    @Test
    void agreesOnCodesAndSizes() throws Exception {
        String header = header();
        List<String> expected = new ArrayList<>();
        Stream.of(Status.values()).forEach(s -> expected.add("BH_" + s + " = " + s.code()));
        Stream.of(EventKind.values()).forEach(k -> expected.add("BH_" + k + " = " + k.code()));
        for (int level = 0; level < Layouts.LOG_LEVELS.size(); level++) {
            expected.add("BH_" + Layouts.LOG_LEVELS.get(level) + " = " + level);
        }
        expected.add("#define BH_ABI_VERSION " + HostFunctions.ABI_VERSION);
        expected.add("sizeof(bh_event) == " + EventRecord.BYTES);
        expected.add("sizeof(bh_reading) == " + Layouts.READING_BYTES);
        expected.add("sizeof(bh_batch_reading) == " + Layouts.BATCH_READING_BYTES);
        expected.add("sizeof(bh_batch_command) == " + Layouts.BATCH_COMMAND_BYTES);
        expected.add("sizeof(bh_can_filter) == " + Layouts.CAN_FILTER_BYTES);
        expected.add("sizeof(bh_can_slot) == " + Layouts.CAN_SLOT_BYTES);
        expected.add("sizeof(bh_can_state) == " + Layouts.CAN_STATE_BYTES);
        expected.add("sizeof(bh_budget) == " + Layouts.BUDGET_BYTES);
        expected.add("BH_READ = " + Layouts.MODE_READ + ", BH_ACTUATE = " + Layouts.MODE_ACTUATE);
        expected.add("BH_LATEST = " + Layouts.SUBSCRIBE_LATEST + ", BH_QUEUE = " + Layouts.SUBSCRIBE_QUEUE);
        expected.add("BH_CAN_RX = " + Layouts.CAN_RECEIVE + ", BH_CAN_TX = " + Layouts.CAN_TRANSMIT + ", BH_CAN_FD = "
                + Layouts.CAN_FD);
        for (String text : expected) {
            assertTrue(header.matches("(?s).*" + Pattern.quote(text) + "\\b.*"), "bulkhead.h lacks: " + text);
        }
    }
}
