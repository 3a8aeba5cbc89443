/*
 * A show of the walls: an app that asks for what nobody granted it, the brake as an actuator and the brake's own CAN frame,
 * and keeps trying. Every attempt ends as a denial in the vehicle's audit log, with the rule that denied it.
 */
#include <bulkhead.h>

#define TURN 1
#define TURN_MS 1000
#define BRAKE_FRAME 0x0D0u

BULKHEAD_APP;

static void grab_pedal(void) {
    int32_t pedal = hal_signal_open(BH_STR("Vehicle.Chassis.Brake.PedalPosition"), BH_ACTUATE);
    if (pedal < 0) {
        bh_logf(BH_WARN, "brake pedal: %s", bh_status_name(pedal));
        return;
    }
    int32_t status = hal_actuator_acquire(pedal, 100, 1000);
    if (status >= 0) {
        status = hal_actuator_set_i64(pedal, 100);
    }
    bh_logf(status >= 0 ? BH_ERROR : BH_WARN, "full braking: %s", bh_status_name(status));
    hal_signal_close(pedal);
}

/* A handle on the bus is given to whoever asked for any of its frames; each frame is decided by its own id. */
static void forge_frame(void) {
    static int32_t bus = BH_BADH;
    if (bus < 0) {
        bus = hal_can_open(BH_STR("can0"), BH_CAN_TX);
    }
    if (bus < 0) {
        bh_logf(BH_WARN, "raw CAN: %s", bh_status_name(bus));
        return;
    }
    bh_can_slot frame = {.id = BRAKE_FRAME, .length = 4, .data = {200, 0, 0, 0}};
    int32_t sent = hal_can_send(bus, &frame, 1);
    bh_logf(sent > 0 ? BH_ERROR : BH_WARN, "forged brake frame: %s", sent > 0 ? "sent" : bh_status_name(sent));
}

BH_EXPORT int32_t on_start(void) {
    bh_logf(BH_INFO, "brakejack 1.0");
    grab_pedal();
    forge_frame();
    return app_timer_set(TURN, TURN_MS, TURN_MS);
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    (void)events;
    for (int32_t i = 0; i < count; i++) {
        grab_pedal();
        forge_frame();
    }
    return BH_OK;
}
