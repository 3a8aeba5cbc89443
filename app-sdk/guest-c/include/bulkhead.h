/*
 * bulkhead.h - what a Bulkhead app in C compiles against (ABI version 1).
 *
 * No C library is needed:
 *
 *   clang --target=wasm32 -nostdlib -O2 -mbulk-memory -Wl,--no-entry -I app-sdk/guest-c/include app.c -o app.wasm
 *
 * An app exports on_start and on_event; the host calls them one at a time, never both at once, and counts their CPU time.
 * Every host function answers a status below 0 when it refuses; nothing an app passes can harm the host, so test for
 * BH_PERM and go on with what was granted.
 *
 *   #include <bulkhead.h>
 *   BULKHEAD_APP
 *
 *   BH_EXPORT int32_t on_start(void) {
 *       bh_logf(BH_INFO, "hello from ABI %d", app_abi_version());
 *       return app_timer_set(1, 1000, 1000);
 *   }
 *
 *   BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
 *       return BH_OK;
 *   }
 */
#ifndef BULKHEAD_H
#define BULKHEAD_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BH_ABI_VERSION 1

#define BH_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
/* Before a function the host calls: on_start, on_event, on_stop, save_state, restore_state. */
#define BH_EXPORT __attribute__((visibility("default"), used))
#define BH_INLINE static inline __attribute__((unused))
/* A string literal as the two arguments (pointer, length) that host functions take. */
#define BH_STR(literal) ("" literal), ((int32_t)(sizeof(literal) - 1))

/* ---- status codes ------------------------------------------------------------------------------------------------- */

enum bh_status {
    BH_OK = 0,
    BH_CLAMPED = 1,   /* done, but limited: the actuator got less than asked */
    BH_PERM = -1,     /* no grant; the vehicle's audit log names the rule */
    BH_NOENT = -2,    /* no such signal, bus, key, timer or message */
    BH_INVAL = -3,    /* an argument is out of its bounds */
    BH_TYPE = -4,     /* the signal is of another type */
    BH_NOVALUE = -5,  /* there is no value yet */
    BH_STALE = -6,    /* the value is older than the signal's age limit */
    BH_AGAIN = -7,    /* not now; try again later */
    BH_RATE = -8,     /* more often than granted; nothing was done */
    BH_RANGE = -9,    /* outside the granted range; nothing was sent */
    BH_BUSY = -10,    /* another app owns it with at least this priority */
    BH_COND = -11,    /* the grant's condition does not hold */
    BH_LEASE = -12,   /* not owned, or the lease is over; acquire again */
    BH_NODEV = -13,   /* the device behind it is not there */
    BH_BUSOFF = -14,  /* the bus is off */
    BH_NOSPC = -15,   /* a bound of the app is reached */
    BH_FAULT = -16,   /* a pointer outside the app's memory */
    BH_BADH = -17     /* not a handle of this kind */
};

/* ---- events ------------------------------------------------------------------------------------------------------- */

enum bh_event_kind {
    BH_SIGNAL_CHANGED = 1,
    BH_CAN_FRAMES = 2,         /* aux: how many wait for hal_can_read */
    BH_TIMER = 3,              /* handle: the timer's id; aux: periods missed */
    BH_MESSAGE = 4,            /* aux: how many wait for app_msg_recv */
    BH_CONFIG_CHANGED = 5,
    BH_ACTUATOR_LOST = 6,      /* status: why */
    BH_SIGNAL_UNAVAILABLE = 7, /* status: why */
    BH_BUDGET_WARNING = 8      /* aux: 1 CPU, 2 memory, 3 queue, 4 storage; bits: how much is left */
};

typedef struct {
    uint16_t kind;
    int16_t status;
    int32_t handle;
    uint32_t dropped; /* older events lost before this one */
    uint32_t aux;
    union {
        int64_t i64; /* integers, booleans */
        double f64;  /* float and double signals */
    } value;
    int64_t time_ns;
} bh_event;

/* ---- layouts ------------------------------------------------------------------------------------------------------ */

typedef struct {
    union {
        int64_t i64;
        double f64;
    } value;
    int64_t time_ns;
} bh_reading;

typedef struct {
    int32_t handle;
    int32_t status;
    union {
        int64_t i64;
        double f64;
    } value;
    int64_t time_ns;
} bh_batch_reading;

typedef struct {
    int32_t handle;
    int32_t status; /* written by the host */
    union {
        int64_t i64;
        double f64;
    } value;
} bh_batch_command;

typedef struct {
    uint32_t id;
    uint32_t mask;
} bh_can_filter;

#define BH_CAN_EXTENDED 0x80000000u /* in an id: 29 bits */
#define BH_CAN_REMOTE 0x40000000u
#define BH_CAN_ERROR 0x20000000u

typedef struct {
    int64_t time_ns;
    uint32_t id;
    uint8_t length; /* 0..8, with FD 0..64 */
    uint8_t flags;  /* 1 bit-rate switch, 2 error state indicator, 4 an FD frame */
    uint8_t reserved[2];
    uint8_t data[64];
} bh_can_slot;

typedef struct {
    uint32_t state; /* 0 active, 1 passive, 2 bus-off, 3 down */
    uint32_t tx_errors;
    uint32_t rx_errors;
    uint32_t waiting;
    uint64_t received;
    uint64_t sent;
    uint64_t dropped;
    uint64_t refused;
} bh_can_state;

typedef struct {
    int64_t cpu_left_ns; /* in this period */
    int64_t cpu_quota_ns;
    int64_t period_ns;
    int64_t period_ends_ns;
    int64_t memory_left;
    int64_t memory_cap;
} bh_budget;

_Static_assert(sizeof(bh_event) == 32, "event");
_Static_assert(sizeof(bh_reading) == 16, "reading");
_Static_assert(sizeof(bh_batch_reading) == 24, "batch reading");
_Static_assert(sizeof(bh_batch_command) == 16, "batch command");
_Static_assert(sizeof(bh_can_filter) == 8, "filter");
_Static_assert(sizeof(bh_can_slot) == 80, "slot");
_Static_assert(sizeof(bh_can_state) == 48, "can state");
_Static_assert(sizeof(bh_budget) == 48, "budget");

/* hal_signal_open */
enum { BH_READ = 1, BH_ACTUATE = 2 };
/* hal_signal_subscribe */
enum { BH_LATEST = 0, BH_QUEUE = 1 };
/* hal_can_open */
enum { BH_CAN_RX = 1, BH_CAN_TX = 2, BH_CAN_FD = 4 };
/* app_log */
enum { BH_ERROR = 0, BH_WARN = 1, BH_INFO = 2, BH_DEBUG = 3 };

/* ---- module hal: hardware; every call is gated by a capability ----------------------------------------------------- */

BH_IMPORT("hal", "signal_open") int32_t hal_signal_open(const char *path, int32_t path_len, int32_t mode);
BH_IMPORT("hal", "signal_close") int32_t hal_signal_close(int32_t handle);
BH_IMPORT("hal", "signal_info") int32_t hal_signal_info(int32_t handle, void *out, int32_t cap);
BH_IMPORT("hal", "signal_get_f64") double hal_signal_get_f64(int32_t handle);
BH_IMPORT("hal", "signal_get_i64") int64_t hal_signal_get_i64(int32_t handle);
BH_IMPORT("hal", "last_status") int32_t hal_last_status(void);
BH_IMPORT("hal", "signal_read") int32_t hal_signal_read(int32_t handle, bh_reading *out16);
BH_IMPORT("hal", "signal_read_batch") int32_t hal_signal_read_batch(const int32_t *handles, int32_t n, bh_batch_reading *out24);
BH_IMPORT("hal", "signal_get_bytes") int32_t hal_signal_get_bytes(int32_t handle, void *out, int32_t cap);
BH_IMPORT("hal", "signal_subscribe") int32_t hal_signal_subscribe(int32_t handle, int32_t mode, int32_t min_interval_ms, double deadband, int32_t depth);
BH_IMPORT("hal", "signal_unsubscribe") int32_t hal_signal_unsubscribe(int32_t handle);
BH_IMPORT("hal", "actuator_acquire") int32_t hal_actuator_acquire(int32_t handle, int32_t priority, int32_t lease_ms);
BH_IMPORT("hal", "actuator_renew") int32_t hal_actuator_renew(int32_t handle);
BH_IMPORT("hal", "actuator_release") int32_t hal_actuator_release(int32_t handle);
BH_IMPORT("hal", "actuator_set_f64") int32_t hal_actuator_set_f64(int32_t handle, double value);
BH_IMPORT("hal", "actuator_set_i64") int32_t hal_actuator_set_i64(int32_t handle, int64_t value);
BH_IMPORT("hal", "actuator_set_bytes") int32_t hal_actuator_set_bytes(int32_t handle, const void *ptr, int32_t len);
BH_IMPORT("hal", "actuator_set_batch") int32_t hal_actuator_set_batch(bh_batch_command *records, int32_t n);
BH_IMPORT("hal", "can_open") int32_t hal_can_open(const char *bus, int32_t bus_len, int32_t flags);
BH_IMPORT("hal", "can_filter") int32_t hal_can_filter(int32_t handle, const bh_can_filter *filters, int32_t n);
BH_IMPORT("hal", "can_read") int32_t hal_can_read(int32_t handle, bh_can_slot *out, int32_t max);
BH_IMPORT("hal", "can_send") int32_t hal_can_send(int32_t handle, const bh_can_slot *slots, int32_t n);
BH_IMPORT("hal", "can_state") int32_t hal_can_state(int32_t handle, bh_can_state *out48);

/* ---- module app: runtime services ---------------------------------------------------------------------------------- */

BH_IMPORT("app", "abi_version") int32_t app_abi_version(void);
BH_IMPORT("app", "now_ns") int64_t app_now_ns(void);
BH_IMPORT("app", "unix_ms") int64_t app_unix_ms(void);
BH_IMPORT("app", "random") int32_t app_random(void *out, int32_t n);
BH_IMPORT("app", "log") int32_t app_log(int32_t level, const char *ptr, int32_t len);
BH_IMPORT("app", "exit") void app_exit(int32_t code);
/* Needs a host of 2026-11 or newer; an older one refuses the app at admission and names this function. */
BH_IMPORT("app", "unhealthy") int32_t app_unhealthy(const char *reason, int32_t len);
BH_IMPORT("app", "timer_set") int32_t app_timer_set(int32_t id, int32_t first_ms, int32_t period_ms);
BH_IMPORT("app", "timer_cancel") int32_t app_timer_cancel(int32_t id);
BH_IMPORT("app", "config_get") int32_t app_config_get(const char *key, int32_t key_len, void *out, int32_t cap);
BH_IMPORT("app", "kv_get") int32_t app_kv_get(const char *key, int32_t key_len, void *out, int32_t cap);
BH_IMPORT("app", "kv_put") int32_t app_kv_put(const char *key, int32_t key_len, const void *ptr, int32_t len);
BH_IMPORT("app", "kv_delete") int32_t app_kv_delete(const char *key, int32_t key_len);
BH_IMPORT("app", "kv_list") int32_t app_kv_list(const char *prefix, int32_t len, void *out, int32_t cap);
BH_IMPORT("app", "msg_publish") int32_t app_msg_publish(const char *topic, int32_t topic_len, const void *ptr, int32_t len);
BH_IMPORT("app", "msg_subscribe") int32_t app_msg_subscribe(const char *filter, int32_t filter_len);
BH_IMPORT("app", "msg_recv") int32_t app_msg_recv(void *out, int32_t cap);
BH_IMPORT("app", "budget") int32_t app_budget(bh_budget *out48);

/* ---- helpers, all optional ----------------------------------------------------------------------------------------- */

/* Memory from behind the program's own data, never given back. Null when the budget is reached. */
extern unsigned char __heap_base;

BH_INLINE void *bh_alloc(uint32_t bytes) {
    static uintptr_t next;
    if (next == 0) {
        next = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    }
    uint64_t end = ((uint64_t)next + bytes + 15) & ~(uint64_t)15;
    uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) << 16;
    if (end > have) {
        uint64_t pages = (end - have + 65535) >> 16;
        if (pages > 65536 || __builtin_wasm_memory_grow(0, (uintptr_t)pages) == (uintptr_t)-1) {
            return NULL;
        }
    }
    void *block = (void *)next;
    next = (uintptr_t)end;
    return block;
}

/* Once in every app: the event buffer's memory. */
#define BULKHEAD_APP                                                                                                   \
    BH_EXPORT void *alloc(int32_t bytes) {                                                                             \
        return bh_alloc((uint32_t)bytes);                                                                              \
    }                                                                                                                  \
    _Static_assert(1, "wants a semicolon or nothing")

BH_INLINE int32_t bh_length(const char *text) {
    int32_t n = 0;
    while (text[n] != 0) {
        n++;
    }
    return n;
}

BH_INLINE double bh_clamp(double value, double low, double high) {
    return value < low ? low : value > high ? high : value;
}

BH_INLINE double bh_abs(double value) {
    return value < 0 ? -value : value;
}

/* Whether a number is one: NaN stands for a value that is not known. */
BH_INLINE bool bh_known(double value) {
    return value == value;
}

/* A signal's value if it is fresh; NaN when there is none, when it is too old, or when it may not be read. */
BH_INLINE double bh_fresh(int32_t handle) {
    double value = hal_signal_get_f64(handle);
    return hal_last_status() == BH_OK ? value : __builtin_nan("");
}

BH_INLINE const char *bh_status_name(int32_t status) {
    static const char *const names[] = {"OK",   "PERM",  "NOENT", "INVAL", "TYPE",  "NOVALUE", "STALE",  "AGAIN", "RATE",
                                        "RANGE", "BUSY", "COND",  "LEASE", "NODEV", "BUSOFF",  "NOSPC", "FAULT", "BADH"};
    if (status > 0) {
        return status == BH_CLAMPED ? "CLAMPED" : "OK";
    }
    return status >= BH_BADH ? names[-status] : "?";
}

/* A number from the app's configuration, or what stands in for it. */
BH_INLINE int64_t bh_config_int(const char *key, int64_t otherwise) {
    char text[24];
    int32_t length = app_config_get(key, bh_length(key), text, sizeof text);
    if (length < 1 || length > (int32_t)sizeof text) {
        return otherwise;
    }
    bool negative = text[0] == '-';
    int64_t value = 0;
    for (int32_t i = negative; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || value > INT64_MAX / 10 - 1) {
            return otherwise;
        }
        value = value * 10 + (text[i] - '0');
    }
    return negative ? -value : value;
}

/* ---- text: enough of printf for a log line ------------------------------------------------------------------------- */

/* A line being written; what does not fit is left out. */
typedef struct {
    int32_t length;
    char text[248];
} bh_line;

BH_INLINE void bh_put(bh_line *line, char c) {
    if (line->length < (int32_t)sizeof line->text) {
        line->text[line->length++] = c;
    }
}

BH_INLINE void bh_put_text(bh_line *line, const char *text) {
    for (; *text != 0; text++) {
        bh_put(line, *text);
    }
}

BH_INLINE void bh_put_unsigned(bh_line *line, uint64_t value, uint32_t base, int32_t width) {
    char digits[24];
    int32_t n = 0;
    do {
        digits[n++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    while (n < width && n < (int32_t)sizeof digits) {
        digits[n++] = '0';
    }
    while (n > 0) {
        bh_put(line, digits[--n]);
    }
}

BH_INLINE void bh_put_int(bh_line *line, int64_t value) {
    if (value < 0) {
        bh_put(line, '-');
    }
    bh_put_unsigned(line, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 10, 1);
}

/* With so many digits behind the point, 0..6; beyond 2^53 or not a number, in words. */
BH_INLINE void bh_put_fixed(bh_line *line, double value, int32_t digits) {
    if (!bh_known(value) || bh_abs(value) > 9007199254740992.0) {
        bh_put_text(line, bh_known(value) ? "huge" : "nan");
        return;
    }
    uint64_t scale = 1;
    for (int32_t i = 0; i < digits; i++) {
        scale *= 10;
    }
    uint64_t whole = (uint64_t)bh_abs(value);
    uint64_t part = (uint64_t)((bh_abs(value) - (double)whole) * (double)scale + 0.5);
    whole += part / scale;
    part %= scale;
    if (value < 0 && (whole | part) != 0) {
        bh_put(line, '-');
    }
    bh_put_unsigned(line, whole, 10, 1);
    if (digits > 0) {
        bh_put(line, '.');
        bh_put_unsigned(line, part, 10, digits);
    }
}

/* %d %u %x (with l or ll), %s, %c, %f (with a precision, else 2), %% */
BH_INLINE void bh_put_format(bh_line *line, const char *format, va_list values) {
    for (; *format != 0; format++) {
        if (*format != '%') {
            bh_put(line, *format);
            continue;
        }
        format++;
        int32_t precision = 2;
        if (*format == '.' && format[1] >= '0' && format[1] <= '6') {
            precision = format[1] - '0';
            format += 2;
        }
        int32_t longs = 0;
        while (*format == 'l') {
            longs++;
            format++;
        }
        switch (*format) {
            case 'd':
                bh_put_int(line, longs > 1 ? va_arg(values, long long) : longs ? va_arg(values, long) : va_arg(values, int));
                break;
            case 'u':
            case 'x': {
                uint64_t value = longs > 1 ? va_arg(values, unsigned long long)
                                 : longs   ? va_arg(values, unsigned long)
                                           : va_arg(values, unsigned);
                bh_put_unsigned(line, value, *format == 'x' ? 16 : 10, 1);
                break;
            }
            case 'f':
                bh_put_fixed(line, va_arg(values, double), precision);
                break;
            case 's':
                bh_put_text(line, va_arg(values, const char *));
                break;
            case 'c':
                bh_put(line, (char)va_arg(values, int));
                break;
            case 0:
                return;
            default:
                bh_put(line, *format);
        }
    }
}

/* Logs a line of at most 248 bytes. Answers BH_RATE beyond the log budget. */
__attribute__((format(printf, 2, 3))) BH_INLINE int32_t bh_logf(int32_t level, const char *format, ...) {
    bh_line line;
    line.length = 0;
    va_list values;
    va_start(values, format);
    bh_put_format(&line, format, values);
    va_end(values);
    return app_log(level, line.text, line.length);
}

#endif
