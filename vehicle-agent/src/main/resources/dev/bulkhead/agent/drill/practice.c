/* What an agent practises with: touches all that a hand-over moves, and does nothing else. */
#include <bulkhead.h>

#define FAN "Vehicle.Fan"
#define SLOTS 8

BULKHEAD_APP;

static struct {
    uint32_t layout;
    uint32_t events;
} now = {1, 0};
static int32_t bus;
static int32_t fan;
static bh_can_slot in[SLOTS];
static uint8_t mail[256];

BH_EXPORT int32_t on_start(void) {
    int32_t speed = hal_signal_open(BH_STR("Vehicle.Speed"), BH_READ);
    fan = hal_signal_open(BH_STR(FAN), BH_ACTUATE);
    bus = hal_can_open(BH_STR("can0"), BH_CAN_RX | BH_CAN_TX);
    if (speed < 0 || fan < 0 || bus < 0) {
        return speed < 0 ? speed : fan < 0 ? fan : bus;
    }
    hal_actuator_acquire(fan, 10, 2000);
    hal_actuator_set_f64(fan, 40.0);
    app_timer_set(1, 1000, 1000);
    int32_t heard = app_msg_subscribe(BH_STR("drill/#"));
    return heard < 0 ? heard : hal_signal_subscribe(speed, BH_QUEUE, 0, 0.0, 16);
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    hal_actuator_renew(fan);
    for (int32_t i = 0; i < count; i++) {
        now.events++;
        if (events[i].kind == BH_CAN_FRAMES) {
            for (int32_t n = hal_can_read(bus, in, SLOTS); n > 0; n = hal_can_read(bus, in, SLOTS)) {
                in[0].id = 0x101;
                hal_can_send(bus, in, 1);
            }
        } else if (events[i].kind == BH_SIGNAL_CHANGED) {
            app_msg_publish(BH_STR("drill/seen"), &now, sizeof now);
        } else if (events[i].kind == BH_MESSAGE) {
            while (app_msg_recv(mail, sizeof mail) > 0) {
            }
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
    return BH_OK;
}
