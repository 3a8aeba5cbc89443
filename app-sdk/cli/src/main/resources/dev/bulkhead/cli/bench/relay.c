/*
 * Passes on what it gets while it is replaced again and again: each frame 0x200 of can0 as frame 0x100 + generation, each value of the
 * speed as frame 0x300 + generation, both with a count that is handed over. Owns the fan and renews its lease at every event.
 */
#include <bulkhead.h>

#define SLOTS 64
#define OUT_FRAMES 0x100
#define OUT_VALUES 0x300
#define FAN "Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed"

BULKHEAD_APP;

typedef struct {
    uint32_t layout;
    uint32_t generation;
    uint32_t frames;
    uint32_t values;
} state;

static state now = {1, 0, 0, 0};
static int32_t bus;
static int32_t fan;
static bh_can_slot in[SLOTS];

BH_EXPORT int32_t on_start(void) {
    int32_t speed = hal_signal_open(BH_STR("Vehicle.Speed"), BH_READ);
    fan = hal_signal_open(BH_STR(FAN), BH_ACTUATE);
    bus = hal_can_open(BH_STR("can0"), BH_CAN_RX | BH_CAN_TX);
    if (speed < 0 || fan < 0 || bus < 0) {
        return speed < 0 ? speed : fan < 0 ? fan : bus;
    }
    hal_actuator_acquire(fan, 10, 2000);
    hal_actuator_set_f64(fan, 40.0);
    return hal_signal_subscribe(speed, BH_QUEUE, 0, 0.0, 1024);
}

static void emit(uint32_t id, uint32_t value, uint32_t count) {
    bh_can_slot slot = {0};
    slot.id = id + (now.generation & 0xFF);
    slot.length = 8;
    __builtin_memcpy(slot.data, &value, 4);
    __builtin_memcpy(slot.data + 4, &count, 4);
    hal_can_send(bus, &slot, 1);
}

static void frames(void) {
    for (int32_t n = hal_can_read(bus, in, SLOTS); n > 0; n = hal_can_read(bus, in, SLOTS)) {
        for (int32_t i = 0; i < n; i++) {
            uint32_t value;
            __builtin_memcpy(&value, in[i].data, 4);
            emit(OUT_FRAMES, value, ++now.frames);
        }
    }
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    hal_actuator_renew(fan);
    for (int32_t i = 0; i < count; i++) {
        if (events[i].kind == BH_SIGNAL_CHANGED) {
            emit(OUT_VALUES, (uint32_t)events[i].value.f64, ++now.values);
        } else if (events[i].kind == BH_CAN_FRAMES) {
            frames();
        }
    }
    return BH_OK;
}

BH_EXPORT int32_t save_state(void *out, int32_t cap) {
    if (cap < (int32_t)sizeof now) {
        return BH_NOSPC;
    }
    __builtin_memcpy(out, &now, sizeof now);
    return sizeof now;
}

BH_EXPORT int32_t restore_state(const void *saved, int32_t length) {
    if (length != (int32_t)sizeof now) {
        return BH_INVAL;
    }
    __builtin_memcpy(&now, saved, sizeof now);
    now.generation++;
    return BH_OK;
}
