package dev.bulkhead.agent.host;

import dev.bulkhead.agent.sandbox.HostCall;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What each host function costs its guest. The clock is read when fuel runs out, and a loop of calls at the price of a few instructions each would
 * outrun it: so a call costs fuel, and one that can take tens of microseconds is timed besides.
 */
final class CallPrices {
    /** Fuel of a call that takes about a microsecond: a quarter of that of the guest's own work. */
    static final int BRIEF = 1_000;

    /** Of one that decides what is granted, walks a path or writes a line. */
    static final int CONSIDERED = 2_000;

    /** Of one that asks the store. */
    static final int STORED = 8_000;

    /** Those that take no longer than the instructions around them. */
    static final Set<String> QUICK = Set.of(
            "hal.signal_get_f64",
            "hal.signal_get_i64",
            "hal.last_status",
            "app.abi_version",
            "app.now_ns",
            "app.unix_ms",
            "app.exit");

    /** Those that were seen to take 20 µs and more, or can with the most of what a guest may pass. */
    static final Map<String, Integer> LONG = Stream.of(
                    at(STORED, "app.kv_get", "app.kv_put", "app.kv_delete", "app.kv_list"),
                    at(
                            CONSIDERED,
                            "app.msg_publish",
                            "app.msg_subscribe",
                            "app.log",
                            "hal.signal_open",
                            "hal.can_open",
                            "wasi_snapshot_preview1.fd_write",
                            "wasi_snapshot_preview1.fd_readdir",
                            "wasi_snapshot_preview1.path_create_directory",
                            "wasi_snapshot_preview1.path_filestat_get",
                            "wasi_snapshot_preview1.path_open",
                            "wasi_snapshot_preview1.path_remove_directory",
                            "wasi_snapshot_preview1.path_rename",
                            "wasi_snapshot_preview1.path_unlink_file"),
                    at(
                            BRIEF,
                            "app.random",
                            "app.config_get",
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
                            "wasi_snapshot_preview1.random_get",
                            "wasi_snapshot_preview1.fd_close",
                            "wasi_snapshot_preview1.fd_read",
                            "wasi_snapshot_preview1.fd_pread"))
            .flatMap(prices -> prices.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private final CallTime time;

    /** @param nanos the vehicle's monotonic clock; one that stands still in a call, as virtual time does, finds that no call takes any */
    CallPrices(LongSupplier nanos) {
        this.time = new CallTime(nanos);
    }

    private static Map<String, Integer> at(int units, String... functions) {
        return Stream.of(functions).collect(Collectors.toMap(name -> name, name -> units));
    }

    /** The call at its price. */
    HostCall paid(String function, HostCall call) {
        if (QUICK.contains(function)) {
            return call;
        }
        Integer units = LONG.get(function);
        return units == null ? new PaidCall(BRIEF, call) : new TimedCall(units, time, call);
    }
}
