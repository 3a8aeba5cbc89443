package dev.bulkhead.contract.abi;

import java.util.List;

/** Module {@code app}: runtime services. */
final class AppFunctions {
    private static final String APP = "app";

    private AppFunctions() {}

    static List<HostFunction> table() {
        return List.of(
                row(Need.NOTHING, "abi_version() -> i32", "The ABI version of the host: 1."),
                row(Need.NOTHING, "now_ns() -> i64", "Monotonic vehicle time in nanoseconds; virtual in simulation."),
                row(Need.NOTHING, "unix_ms() -> i64", "Milliseconds since 1970 UTC, as far as the vehicle knows."),
                row(
                        Need.NOTHING,
                        "random(out i32, n i32) -> i32",
                        "Writes n random bytes, at most 65536; seeded in simulation."),
                row(
                        Need.NOTHING,
                        "log(level i32, ptr i32, len i32) -> i32",
                        "Logs a UTF-8 line: 0 error, 1 warn, 2 info, 3 debug. Beyond 1024 bytes it is cut; beyond the log budget RATE."),
                row(
                        Need.NOTHING,
                        "exit(code i32)",
                        "Ends the app at once and does not return: 0 is a stop, anything else a failure."),
                row(
                        Need.NOTHING,
                        "unhealthy(reason i32, len i32) -> i32",
                        "Says that the app is unwell, and why: UTF-8, cut at 256 bytes. It counts as failed when the callback returns; of several reasons the first counts."),
                row(
                        Need.NOTHING,
                        "timer_set(id i32, first_ms i32, period_ms i32) -> i32",
                        "Sets or resets timer id (0..63) to fire after first_ms, then every period_ms (0: once)."),
                row(Need.NOTHING, "timer_cancel(id i32) -> i32", "Stops a timer."),
                row(
                        Need.NOTHING,
                        "config_get(key i32, key_len i32, out i32, cap i32) -> i32",
                        "Answers the length of a configuration value, written if it fits in cap bytes."),
                row(
                        Need.STORAGE,
                        "kv_get(key i32, key_len i32, out i32, cap i32) -> i32",
                        "Answers the length of a stored value, written if it fits in cap bytes."),
                row(
                        Need.STORAGE,
                        "kv_put(key i32, key_len i32, ptr i32, len i32) -> i32",
                        "Stores a value of at most 65536 bytes under a key of 1..128 bytes, durably in a moment."),
                row(Need.STORAGE, "kv_delete(key i32, key_len i32) -> i32", "Deletes a key."),
                row(
                        Need.STORAGE,
                        "kv_list(prefix i32, len i32, out i32, cap i32) -> i32",
                        "Answers the length of the sorted list of keys with the prefix (u16 length, then the key), written if it fits in cap bytes."),
                row(
                        Need.PUBLISH,
                        "msg_publish(topic i32, topic_len i32, ptr i32, len i32) -> i32",
                        "Publishes to the other apps of the vehicle, or, under cloud/, beyond it. NOSPC when memory has no room to keep it as the last of its topic."),
                row(
                        Need.SUBSCRIBE,
                        "msg_subscribe(filter i32, filter_len i32) -> i32",
                        "Receives messages that match a topic filter (+ and #)."),
                row(
                        Need.SUBSCRIBE,
                        "msg_recv(out i32, cap i32) -> i32",
                        "Answers the length of the next message (u32 topic length, u32 payload length, both texts) and takes it if it fits in cap bytes; AGAIN when none waits."),
                row(
                        Need.NOTHING,
                        "budget(out48 i32) -> i32",
                        "Writes CPU and memory left, 48 bytes, so that an app can do less by itself."));
    }

    private static HostFunction row(Need need, String spelling, String doc) {
        return HostFunction.of(APP, need, spelling, doc);
    }
}
