package dev.bulkhead.contract.abi;

import java.util.List;

/** Byte layouts in guest memory besides {@link EventRecord}. All little-endian, all without padding beyond what is named. */
public final class Layouts {
    /** {@code signal_read}: {@code i64 bits @0, i64 time ns @8}. */
    public static final int READING_BYTES = 16;
    /** {@code signal_read_batch}: {@code i32 handle @0, i32 status @4, i64 bits @8, i64 time ns @16}. */
    public static final int BATCH_READING_BYTES = 24;
    /** {@code actuator_set_batch}: {@code i32 handle @0, i32 status @4 (written by the host), i64 bits @8}. */
    public static final int BATCH_COMMAND_BYTES = 16;
    /** Elements of one batch at most. */
    public static final int MOST_IN_BATCH = 256;

    /** {@code can_filter}: {@code u32 id @0, u32 mask @4}; an id with bit 31 set is an extended one. */
    public static final int CAN_FILTER_BYTES = 8;
    /** Filters of one CAN handle at most. */
    public static final int MOST_CAN_FILTERS = 64;
    /** {@code can_read}, {@code can_send}: {@code i64 time ns @0, canfd_frame @8}. */
    public static final int CAN_SLOT_BYTES = 80;

    public static final int CAN_SLOT_TIME = 0;
    /** {@code u32}: the id; bit 31 extended, bit 30 remote, bit 29 error. */
    public static final int CAN_SLOT_ID = 8;
    /** {@code u8}: payload bytes, 0..8, or 0..64 with FD. */
    public static final int CAN_SLOT_LENGTH = 12;
    /** {@code u8}: 1 bit-rate switch, 2 error state indicator, 4 an FD frame. */
    public static final int CAN_SLOT_FLAGS = 13;
    /** 64 bytes; those behind the length are written as 0 and ignored when read. */
    public static final int CAN_SLOT_DATA = 16;

    /** Frames of one {@code can_read} or {@code can_send} at most. */
    public static final int MOST_CAN_SLOTS = 256;
    /**
     * {@code can_state}: {@code u32 state @0 (0 active, 1 passive, 2 bus-off, 3 down), u32 tx errors @4, u32 rx errors @8,
     * u32 waiting @12, u64 received @16, u64 sent @24, u64 dropped @32, u64 refused @40}; the counters are this handle's.
     */
    public static final int CAN_STATE_BYTES = 48;
    /**
     * {@code budget}: {@code i64 CPU ns left in this period @0, i64 quota ns @8, i64 period ns @16, i64 period ends at ns @24,
     * i64 memory bytes left @32, i64 memory cap bytes @40}.
     */
    public static final int BUDGET_BYTES = 48;
    /** {@code msg_recv}: {@code u32 topic bytes @0, u32 payload bytes @4}, then the topic, then the payload. */
    public static final int MESSAGE_HEADER_BYTES = 8;
    /** {@code kv_list}: for each key {@code u16 length}, then the key. */
    public static final int KEY_HEADER_BYTES = 2;

    /** Bytes of one key at most. */
    public static final int LONGEST_KEY = 128;
    /** Bytes of one stored value at most. */
    public static final int LONGEST_VALUE = 65_536;
    /** Bytes of one message payload at most. */
    public static final int LONGEST_MESSAGE = 65_536;
    /** Bytes of one path, topic or bus name at most. */
    public static final int LONGEST_NAME = 255;
    /** Bytes of one log line at most; longer ones are cut. */
    public static final int LONGEST_LOG_LINE = 1_024;
    /** Bytes of the reason in {@code unhealthy} at most; longer ones are cut. */
    public static final int LONGEST_REASON = 256;
    /** Bytes of one {@code random} call at most. */
    public static final int MOST_RANDOM = 65_536;
    /** What {@code save_state} may hand over at most, in bytes. */
    public static final int LONGEST_STATE = 1_048_576;

    /** {@code signal_open} mode bit: read. */
    public static final int MODE_READ = 1;
    /** {@code signal_open} mode bit: actuate. */
    public static final int MODE_ACTUATE = 2;
    /** {@code signal_subscribe} mode: only the newest value waits. */
    public static final int SUBSCRIBE_LATEST = 0;
    /** {@code signal_subscribe} mode: values wait in order, the oldest is dropped and counted. */
    public static final int SUBSCRIBE_QUEUE = 1;
    /** {@code can_open} flag: receive. */
    public static final int CAN_RECEIVE = 1;
    /** {@code can_open} flag: transmit. */
    public static final int CAN_TRANSMIT = 2;
    /** {@code can_open} flag: FD frames too. */
    public static final int CAN_FD = 4;

    /** Messages to topics under this prefix leave the vehicle; the rest of the topic is under the app's own cloud prefix. */
    public static final String CLOUD_PREFIX = "cloud/";

    /** {@code log} levels by number. */
    public static final List<String> LOG_LEVELS = List.of("ERROR", "WARN", "INFO", "DEBUG");

    private Layouts() {}
}
