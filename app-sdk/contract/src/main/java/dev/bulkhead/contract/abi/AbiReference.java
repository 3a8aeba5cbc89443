package dev.bulkhead.contract.abi;

import java.util.List;
import java.util.stream.Collectors;

/** The reference page of the ABI, {@code docs/reference/abi.md}, as Markdown made from the table. */
public final class AbiReference {
    private AbiReference() {}

    /** The whole page. */
    public static String page() {
        return """
                # App ABI, version %d

                Made from the table in `dev.bulkhead.contract.abi`; a test fails when this page and the table differ.
                Pointers and lengths are i32. Each `(ptr, len)` is checked once; a bad one answers `FAULT`, a bad handle `BADH`,
                neither ever stops the app. Where a function answers a length it answers the whole length, and writes
                only if that fits in `cap` bytes.

                ## Exports of an app
                `memory`; `on_start() -> i32`; `on_event(ptr: i32, count: i32) -> i32`; `alloc(bytes: i32) -> i32`, called for the event
                buffer and for room for a saved state, 0 where it has none; optional `on_stop()`, `save_state(ptr: i32, cap: i32) -> i32`
                (length, at most %d), `restore_state(ptr: i32, len: i32) -> i32`, `_initialize()` (called first). Callbacks answer 0
                or a negative status.

                %s
                ## Status codes
                | code | name | meaning |
                |---:|---|---|
                %s
                ## Events
                32 bytes, little-endian: `u16 kind, i16 status, i32 handle, u32 dropped, u32 aux, i64 value bits, i64 time ns`.

                | kind | name | fields |
                |---:|---|---|
                %s
                ## Layouts
                All little-endian.

                | of | bytes | layout |
                |---|---:|---|
                %s
                ## Bounds
                | what | at most |
                |---|---:|
                %s""".formatted(
                HostFunctions.ABI_VERSION, Layouts.LONGEST_STATE, modules(), statuses(), events(), layouts(), bounds());
    }

    private static String modules() {
        return HostFunctions.table().stream()
                .map(HostFunction::module)
                .distinct()
                .map(AbiReference::module)
                .collect(Collectors.joining("\n"));
    }

    private static String module(String module) {
        String rows = HostFunctions.table().stream()
                .filter(f -> f.module().equals(module))
                .map(f -> row("`" + f.name() + "`", "`" + f.signature() + "`", needs(f.need()), f.doc()))
                .collect(Collectors.joining());
        return "## Module `" + module + "`\n| function | signature | needs | what it does |\n|---|---|---|---|\n"
                + rows;
    }

    private static String needs(Need need) {
        return need == Need.NOTHING ? "" : "`" + need + "`";
    }

    private static String statuses() {
        return List.of(Status.values()).stream()
                .map(s -> row(String.valueOf(s.code()), s.name(), s.meaning()))
                .collect(Collectors.joining());
    }

    private static String events() {
        return List.of(EventKind.values()).stream()
                .map(k -> row(String.valueOf(k.code()), k.name(), k.fields()))
                .collect(Collectors.joining());
    }

    private static String layouts() {
        return row("`signal_read`", "16", "`i64 bits @0, i64 time ns @8`")
                + row("`signal_read_batch`", "24", "`i32 handle @0, i32 status @4, i64 bits @8, i64 time ns @16`")
                + row(
                        "`actuator_set_batch`",
                        "16",
                        "`i32 handle @0, i32 status @4` (written by the host)`, i64 bits @8`")
                + row("`can_filter`", "8", "`u32 id @0, u32 mask @4`; bit 31 of the id: extended")
                + row(
                        "`can_read`, `can_send`",
                        "80",
                        "`i64 time ns @0, u32 id @8` (bit 31 extended, 30 remote, 29 error)`, u8 length @12, u8 flags @13"
                                + "` (1 bit-rate switch, 2 error state, 4 FD)`, data @16`")
                + row(
                        "`can_state`",
                        "48",
                        "`u32 state @0` (0 active, 1 passive, 2 bus-off, 3 down)`, u32 tx errors @4, u32 rx errors @8,"
                                + " u32 waiting @12, u64 received @16, u64 sent @24, u64 dropped @32, u64 refused @40`")
                + row(
                        "`budget`",
                        "48",
                        "`i64 CPU ns left in this period @0, i64 quota ns @8, i64 period ns @16, i64 period ends ns @24,"
                                + " i64 memory left @32, i64 memory cap @40`")
                + row("`msg_recv`", "8 + n", "`u32 topic bytes @0, u32 payload bytes @4`, the topic, the payload")
                + row("`kv_list`", "", "for each key `u16` length, the key");
    }

    private static String bounds() {
        return bound("elements of one batch", Layouts.MOST_IN_BATCH)
                + bound("filters of a CAN handle", Layouts.MOST_CAN_FILTERS)
                + bound("frames of one `can_read` or `can_send`", Layouts.MOST_CAN_SLOTS)
                + bound("bytes of a path, topic or bus name", Layouts.LONGEST_NAME)
                + bound("bytes of a key", Layouts.LONGEST_KEY)
                + bound("bytes of a stored value", Layouts.LONGEST_VALUE)
                + bound("bytes of a message", Layouts.LONGEST_MESSAGE)
                + bound("bytes of a log line", Layouts.LONGEST_LOG_LINE)
                + bound("bytes of a reason for `unhealthy`", Layouts.LONGEST_REASON)
                + bound("bytes of one `random`", Layouts.MOST_RANDOM);
    }

    private static String bound(String what, int most) {
        return row(what, String.valueOf(most));
    }

    private static String row(String... cells) {
        return List.of(cells).stream().map(c -> c.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
