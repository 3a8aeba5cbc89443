package dev.bulkhead.contract.abi;

/** What an event record tells (abi.md, "Events"). */
public enum EventKind {
    SIGNAL_CHANGED(
            1, "handle: the signal; value: its bits; status: OK or STALE; dropped: older values lost before this one"),
    CAN_FRAMES(2, "handle: the bus; aux: how many frames wait for can_read; dropped: frames lost"),
    TIMER(3, "handle: the timer's id; aux: how many periods were missed since the last one"),
    MESSAGE(4, "aux: how many messages wait for msg_recv; dropped: messages lost"),
    CONFIG_CHANGED(5, "some configuration value changed; read it with config_get"),
    ACTUATOR_LOST(
            6,
            "handle: the actuator; status: why: BUSY taken over, LEASE over, COND no longer holds, PERM grant gone, NODEV device gone"),
    SIGNAL_UNAVAILABLE(7, "handle: the signal; status: STALE, NODEV or PERM"),
    BUDGET_WARNING(8, "aux: 1 cpu, 2 memory, 3 queue, 4 storage; value: how much is left (ns, bytes, events, bytes)");

    private final int code;
    private final String fields;

    EventKind(int code, String fields) {
        this.code = code;
        this.fields = fields;
    }

    public int code() {
        return code;
    }

    /** Which fields of the record mean what. */
    public String fields() {
        return fields;
    }
}
