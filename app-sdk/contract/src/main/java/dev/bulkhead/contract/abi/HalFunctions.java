package dev.bulkhead.contract.abi;

import java.util.List;

/** Module {@code hal}: hardware; every call is gated. */
final class HalFunctions {
    private static final String HAL = "hal";

    private HalFunctions() {}

    static List<HostFunction> table() {
        return List.of(
                row(
                        Need.SIGNAL,
                        "signal_open(path i32, path_len i32, mode i32) -> i32",
                        "Opens a signal by its VSS path and answers a handle. Mode bit 0 reads, bit 1 actuates; every bit must be granted."),
                row(
                        Need.SIGNAL,
                        "signal_close(handle i32) -> i32",
                        "Closes a handle; ends its subscription and releases the actuator."),
                row(
                        Need.SIGNAL,
                        "signal_info(handle i32, out i32, cap i32) -> i32",
                        "Answers the length of a protobuf SignalInfo (type, unit, min, max, allowed, age limit), written if it fits in cap bytes."),
                row(
                        Need.SIGNAL,
                        "signal_get_f64(handle i32) -> f64",
                        "The value as a number; NaN when there is none. last_status() says why."),
                row(
                        Need.SIGNAL,
                        "signal_get_i64(handle i32) -> i64",
                        "The value as an integer, booleans as 0 and 1; 0 when there is none. last_status() says why."),
                row(
                        Need.NOTHING,
                        "last_status() -> i32",
                        "The status of the last call of signal_get_f64 or signal_get_i64."),
                row(
                        Need.SIGNAL,
                        "signal_read(handle i32, out16 i32) -> i32",
                        "Writes value bits and time, 16 bytes. The bits are an f64's for float and double signals, else an i64."),
                row(
                        Need.SIGNAL,
                        "signal_read_batch(handles i32, n i32, out24 i32) -> i32",
                        "Reads n handles (i32 each, at most 256) into n records of handle, status, bits, time, 24 bytes each."),
                row(
                        Need.SIGNAL,
                        "signal_get_bytes(handle i32, out i32, cap i32) -> i32",
                        "Answers the length of a string's UTF-8 bytes or an array's packed elements, written if it fits in cap bytes."),
                row(
                        Need.SIGNAL,
                        "signal_subscribe(handle i32, mode i32, min_interval_ms i32, deadband f64, depth i32) -> i32",
                        "Asks for events on change. Mode 0 keeps the latest value, 1 queues up to depth; changes within the deadband are not told."),
                row(
                        Need.SIGNAL,
                        "signal_unsubscribe(handle i32) -> i32",
                        "Ends the subscription; the handle stays open."),
                row(
                        Need.ACTUATE,
                        "actuator_acquire(handle i32, priority i32, lease_ms i32) -> i32",
                        "Becomes the actuator's owner for lease_ms. A higher priority takes over; the loser gets an event."),
                row(Need.ACTUATE, "actuator_renew(handle i32) -> i32", "Starts the lease anew."),
                row(
                        Need.ACTUATE,
                        "actuator_release(handle i32) -> i32",
                        "Gives the actuator back in order; the host applies the failsafe."),
                row(
                        Need.ACTUATE,
                        "actuator_set_f64(handle i32, value f64) -> i32",
                        "Commands a number. OK or CLAMPED: sent; anything else: not sent."),
                row(
                        Need.ACTUATE,
                        "actuator_set_i64(handle i32, value i64) -> i32",
                        "Commands an integer or a boolean (0, 1)."),
                row(
                        Need.ACTUATE,
                        "actuator_set_bytes(handle i32, ptr i32, len i32) -> i32",
                        "Commands a string (UTF-8) or an array (packed elements)."),
                row(
                        Need.ACTUATE,
                        "actuator_set_batch(records i32, n i32) -> i32",
                        "Commands n actuators (at most 256) at once, all or nothing: 16-byte records of handle, status (filled in), bits. Answers the first status that refused."),
                row(
                        Need.CAN,
                        "can_open(bus i32, bus_len i32, flags i32) -> i32",
                        "Opens a bus. Flag 1 receives, 2 transmits, 4 takes FD frames too."),
                row(
                        Need.CAN_RX,
                        "can_filter(handle i32, filters i32, n i32) -> i32",
                        "Receives only frames that match one of n pairs {u32 id, u32 mask} (at most 64); 0 pairs receive all that is granted."),
                row(
                        Need.CAN_RX,
                        "can_read(handle i32, out i32, max i32) -> i32",
                        "Takes up to max waiting frames into 80-byte slots and answers how many."),
                row(
                        Need.CAN_TX,
                        "can_send(handle i32, slots i32, n i32) -> i32",
                        "Sends n 80-byte slots in order and answers how many went; the status of the first when none did."),
                row(Need.CAN, "can_state(handle i32, out48 i32) -> i32", "Writes bus state and counters, 48 bytes."));
    }

    private static HostFunction row(Need need, String spelling, String doc) {
        return HostFunction.of(HAL, need, spelling, doc);
    }
}
