package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.GuestMemory;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has one guest's CPU time looked at between its portions of fuel while it makes calls, for no price in fuel is right for a call that takes 2 µs or 200. A
 * clock is read once calls of so much weight have been made, and the look taken when a millisecond has passed since the last. Strand only.
 */
final class CallPace {
    /** Weight between two readings of the clock, each 25 ns. */
    static final int STRIDE = 256;

    /** Least time between two looks, each of which takes about a microsecond. */
    static final long APART_NANOS = 1_000_000;

    /** Those that were seen to take 20 µs and more, or can, and those that take many items at once. All others take about 2 µs. */
    private static final Map<String, Integer> WEIGHTS = Stream.of(
                    at(
                            STRIDE,
                            "app.kv_get",
                            "app.kv_put",
                            "app.kv_delete",
                            "app.kv_list",
                            "app.msg_publish",
                            "app.msg_subscribe",
                            "app.log",
                            "app.random",
                            "hal.signal_open",
                            "hal.can_open",
                            "wasi_snapshot_preview1.fd_write",
                            "wasi_snapshot_preview1.fd_readdir",
                            "wasi_snapshot_preview1.path_create_directory",
                            "wasi_snapshot_preview1.path_filestat_get",
                            "wasi_snapshot_preview1.path_open",
                            "wasi_snapshot_preview1.path_remove_directory",
                            "wasi_snapshot_preview1.path_rename",
                            "wasi_snapshot_preview1.path_unlink_file",
                            "wasi_snapshot_preview1.random_get"),
                    at(
                            STRIDE / 16,
                            "app.config_get",
                            "app.msg_recv",
                            "hal.signal_close",
                            "hal.signal_read_batch",
                            "hal.signal_subscribe",
                            "hal.actuator_acquire",
                            "hal.actuator_release",
                            "hal.actuator_set_bytes",
                            "hal.actuator_set_batch",
                            "hal.can_filter",
                            "hal.can_read",
                            "hal.can_send",
                            "wasi_snapshot_preview1.fd_close",
                            "wasi_snapshot_preview1.fd_read",
                            "wasi_snapshot_preview1.fd_pread"))
            .flatMap(weights -> weights.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final LongSupplier nanos;
    private int left = STRIDE;
    private long looked;

    /** @param nanos the vehicle's monotonic clock; one that stands still in a callback, as virtual time does, finds that no call takes any */
    CallPace(LongSupplier nanos) {
        this.nanos = nanos;
        this.looked = nanos.getAsLong();
    }

    private static Map<String, Integer> at(int weight, String... functions) {
        return Stream.of(functions).collect(Collectors.toMap(name -> name, name -> weight));
    }

    static int weight(String function) {
        return WEIGHTS.getOrDefault(function, 1);
    }

    /** A call of this weight is over, and the host holds nothing for it any more. */
    void called(int weight, GuestMemory memory) {
        left -= weight;
        if (left <= 0) {
            read(memory);
        }
    }

    private void read(GuestMemory memory) {
        left = STRIDE;
        long now = nanos.getAsLong();
        if (now - looked >= APART_NANOS) {
            looked = now;
            memory.look();
        }
    }
}
